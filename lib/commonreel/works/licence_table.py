# SPDX-License-Identifier: GPL-3.0-or-later
"""Creative Commons' licences, for works/licence.py. Written by .ci/licence_table.py."""

from __future__ import annotations

# Version, codes, jurisdictions ('-' is the unported licence), the date from which they are retired.
CREATIVE_COMMONS = (
    ("1.0", "by by-nc by-nc-sa by-nd by-nd-nc by-sa", "- fi il nl", ""),
    ("1.0", "nc nc-sa nd nd-nc sa", "- fi nl", "2004-05-25"),
    ("1.0", "sampling", "- br tw", "2007-06-04"),
    ("1.0", "nc-sampling+", "- tw", "2011-09-09"),
    ("1.0", "sampling+", "- br de tw", "2011-09-09"),
    (
        "2.0",
        "by by-nc by-nc-nd by-nc-sa by-nd by-sa",
        "- at au be br ca cl de es fr hr it jp kr nl pl tw uk za",
        "",
    ),
    ("2.0", "by-nd-nc nc nc-sa nd nd-nc sa", "jp", ""),
    ("2.0", "devnations", "-", "2007-06-04"),
    ("2.1", "by by-nc by-nc-nd by-nc-sa by-nd by-sa", "au es jp", ""),
    (
        "2.5",
        "by by-nc by-nc-nd by-nc-sa by-nd by-sa",
        "- ar au bg br ca ch cn co dk es hr hu il in it mk mt mx my nl pe pl pt scotland se si tw za",
        "",
    ),
    (
        "3.0",
        "by by-nc by-nc-nd by-nc-sa by-nd by-sa",
        "- at au br ch cl cn cr cz de ec ee eg es fr gr gt hk hr ie igo it lu nl no nz ph pl pr pt ro rs sg "
        "th tw ug us ve vn za",
        "",
    ),
    ("4.0", "by by-nc by-nc-nd by-nc-sa by-nd by-sa", "-", ""),
)

# Every SPDX id that one of them has.
SPDX = (
    "CC-BY-1.0 CC-BY-2.0 CC-BY-2.5 CC-BY-2.5-AU CC-BY-3.0 CC-BY-3.0-AT CC-BY-3.0-AU CC-BY-3.0-DE "
    "CC-BY-3.0-IGO CC-BY-3.0-NL CC-BY-3.0-US CC-BY-4.0 CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 "
    "CC-BY-NC-3.0-DE CC-BY-NC-4.0 CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5 CC-BY-NC-ND-3.0 "
    "CC-BY-NC-ND-3.0-DE CC-BY-NC-ND-3.0-IGO CC-BY-NC-ND-4.0 CC-BY-NC-SA-1.0 CC-BY-NC-SA-2.0 "
    "CC-BY-NC-SA-2.0-DE CC-BY-NC-SA-2.0-FR CC-BY-NC-SA-2.0-UK CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 "
    "CC-BY-NC-SA-3.0-DE CC-BY-NC-SA-3.0-IGO CC-BY-NC-SA-4.0 CC-BY-ND-1.0 CC-BY-ND-2.0 CC-BY-ND-2.5 "
    "CC-BY-ND-3.0 CC-BY-ND-3.0-DE CC-BY-ND-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.0-UK CC-BY-SA-2.1-JP "
    "CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-3.0-AT CC-BY-SA-3.0-DE CC-BY-SA-3.0-IGO CC-BY-SA-4.0 CC-SA-1.0"
)
