"""What Go's grammar calls the nodes of a tree, and the fewer kinds that the view tells apart."""

from __future__ import annotations

from functools import lru_cache

from gopatch.go._parsing import LANGUAGE

IDENTIFIER = "identifier"
BINARY = "binary_expression"
CHAINS = (b"&&", b"||")  # operators whose operands may be counted flat
RESULT = "result_list"
LABEL = "label"
INSTANCE = "index_expression"  # `f[int]`, be it an element or an instance

# One class for all that Go's grammar calls an identifier, and so on: pattern and file meet here.
KINDS = {
    "type_identifier": IDENTIFIER,
    "field_identifier": IDENTIFIER,
    "package_identifier": IDENTIFIER,
    "label_name": IDENTIFIER,
    "blank_identifier": IDENTIFIER,
    "nil": IDENTIFIER,
    "true": IDENTIFIER,
    "false": IDENTIFIER,
    "iota": IDENTIFIER,
    "dot": IDENTIFIER,
    "qualified_type": "selector_expression",
    "pointer_type": "unary_expression",
    "parenthesized_type": "parenthesized_expression",
    "type_conversion_expression": "call_expression",
    "generic_type": INSTANCE,
    "type_instantiation_expression": INSTANCE,
    "type_alias": "type_spec",
    "method_spec": "method_elem",
    "variadic_parameter_declaration": "parameter_declaration",
    "implicit_length_array_type": "array_type",
}
LEAVES = {"interpreted_string_literal", "raw_string_literal", "rune_literal"}
# Wrappers without a meaning of their own: the view shows what they hold instead.
SPLICED = {
    "expression_statement",
    "literal_element",
    "type_elem",
    "statement_list",
    "var_spec_list",
    "import_spec_list",
    "type_arguments",
}
SIGNATURES = {
    "function_declaration",
    "method_declaration",
    "function_type",
    "func_literal",
    "method_elem",
}
CLAUSES = {"expression_case", "default_case", "type_case", "communication_case"}
SWITCHES = {"expression_switch_statement", "type_switch_statement", "select_statement"}
# What the view hides of a node's children; `;` parts what the heads of some statements hold.
UNSHOWN = frozenset({"comment", ",", "\n", ""})
BLANK = frozenset({"comment", "\n", "", ";"})
SEPARATORS = UNSHOWN | BLANK
WITH_SEMICOLONS = {"for_clause", "if_statement"} | SWITCHES
GROUPS = {"var_declaration", "const_declaration", "type_declaration", "import_declaration"}
NAMED = {
    "field_declaration",
    "var_spec",
    "const_spec",
    "parameter_declaration",
    "type_parameter_declaration",
}
# Nodes whose elements stand on lines of their own.
LINE_LISTS = (
    {"source_file", "block", "field_declaration_list", "interface_type"}
    | SWITCHES
    | CLAUSES
    | GROUPS
)
# Nodes whose elements are parted by commas.
COMMA_LISTS = {
    "argument_list",
    "parameter_list",
    RESULT,
    "literal_value",
    "expression_list",
    INSTANCE,
    "type_parameter_list",
}
STATEMENT_HOLDERS = {"source_file", "block"} | CLAUSES
EXPRESSIONS = {
    IDENTIFIER,
    "call_expression",
    "composite_literal",
    "func_literal",
    "literal_value",
    "int_literal",
    "float_literal",
    "imaginary_literal",
    *LEAVES,
}


@lru_cache(maxsize=64)
def grammar_kinds(kinds: frozenset[str]) -> frozenset[str]:
    """The grammar's own names for the view's `kinds`."""
    names = kinds | {name for name, kind in KINDS.items() if kind in kinds}
    return frozenset(n for n in names if LANGUAGE.id_for_node_kind(n, True) is not None)
