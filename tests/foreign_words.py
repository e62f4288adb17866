"""Words on a page that no reader of a German book should meet, seen or heard."""

import re

#: English, or machine-made German, that theme, Sphinx, MyST-NB, Vega or Bootstrap would show.
FORBIDDEN_TEXT = re.compile(
    r"""\b(?:
        Toggle | Skip\ to | Back\ to\ top | On\ this\ page | Color\ mode | System\ Settings
      | Search\ (?:this|the|finished|Results|within) | Preparing\ search | Hide\ Search
      | Link\ to\ this | Permalink | Show\ (?:Source|code) | Hide\ code | Open\ (?:an\ )?issue
      | Edit\ (?:on|this) | Suggest\ edit | Download\ (?:this|source|notebook) | Print\ to\ PDF
      | Fullscreen | Launch | Click\ to | Built\ with | Created\ using | Last\ updated
      | previous\ page | next\ page | Copyright | Theme\ by | By\ the | Table\ of\ Contents
      | Bis\ zum\ <a | Thema\ von\ der | offenes\ Thema | Öffnen\ Sie\ ein\ Problem
      | Geändert\ am\ GitHub | Abschnitt\ Navigation | Breadcrumbs? | Permanenter\ Link
      | X-axis | Y-axis | Symbol\ legend | titled | rect\ mark | line\ mark | Save\ as
      | NaN | None | undefined | Traceback | DataFrame
    )\b""",
    re.VERBOSE,
)
#: Whole names of controls and landmarks that are English.
FORBIDDEN_NAMES = {
    *("Main", "Page", "Search", "search", "Home", "Contents", "Light", "Dark", "Previous", "Next"),
    *("previous", "next", "Note", "Warning", "Important", "Error", "Close", "Menu", "Navigation "),
    *("visualization", "axis", "legend", "title"),
}
NAMING = ("title", "aria-label", "placeholder", "alt", "aria-roledescription", "data-bs-title")
