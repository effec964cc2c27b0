"""What people see at a terminal: a run as it goes on, and what a command has to say."""

from parityhub.terminal.console import COLORS as COLORS
from parityhub.terminal.console import color_word as color_word
from parityhub.terminal.console import make_console as make_console
from parityhub.terminal.console import make_table as make_table
from parityhub.terminal.console import print_lines as print_lines
from parityhub.terminal.lines import list_audit_lines as list_audit_lines
from parityhub.terminal.lines import list_campaign_lines as list_campaign_lines
from parityhub.terminal.lines import list_comparison_lines as list_comparison_lines
from parityhub.terminal.lines import list_diff_lines as list_diff_lines
from parityhub.terminal.lines import list_doctor_lines as list_doctor_lines
from parityhub.terminal.lines import list_import_lines as list_import_lines
from parityhub.terminal.lines import list_localization_lines as list_localization_lines
from parityhub.terminal.lines import list_run_lines as list_run_lines
from parityhub.terminal.lines import list_runs_lines as list_runs_lines
from parityhub.terminal.lines import list_selftest_lines as list_selftest_lines
from parityhub.terminal.progress import Progress as Progress
