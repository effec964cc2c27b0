from parityhub.audit.facts.logs import index_text
from parityhub.audit.facts.numbers import list_line_numbers
from parityhub.audit.facts.tables import list_table_numbers


def test_cells_bear_their_columns_name_and_their_rows_label():
    text = index_text("r.csv", b"framework,wer,seconds\nkeras,0.18,3010\ntorch,0.19,2058\n")
    found = [(f.name, f.value, f.keys, f.place.line) for f in list_table_numbers(text)]
    assert ("wer", 0.18, ("keras",), 2) in found
    assert ("seconds", 2058, ("torch",), 3) in found
    assert ("torch_wer", 0.19, ("torch",), 3) in found


def test_a_text_whose_first_line_holds_numbers_is_no_table():
    assert not list_table_numbers(index_text("r.csv", b"1,2\n3,4\n"))
    assert not list_table_numbers(index_text("r.csv", b"loss=0.25\n"))
    assert not list_table_numbers(index_text("r.csv", b""))


def test_a_log_line_names_numbers_without_a_sign():
    facts = list_line_numbers("a.log", 1, "step 500 dice_loss 0.41833, finished in 612.4 s")
    assert ("dice_loss", 0.41833) in {(f.name, f.value) for f in facts}
    assert ("duration", 612.4) in {(f.name, f.value) for f in facts}
    assert "step" not in {f.name for f in facts}
