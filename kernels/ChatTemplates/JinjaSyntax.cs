namespace Harness.Kernels.ChatTemplates;

abstract record JinjaExpression(int Line);

sealed record JinjaLiteral(object? Value, int Line) : JinjaExpression(Line);

sealed record JinjaName(string Name, int Line) : JinjaExpression(Line);

sealed record JinjaList(IReadOnlyList<JinjaExpression> Items, int Line) : JinjaExpression(Line);

sealed record JinjaDictionary(IReadOnlyList<(JinjaExpression Key, JinjaExpression Value)> Items, int Line) : JinjaExpression(Line);

/// <summary>not, - and +.</summary>
sealed record JinjaUnary(string Operator, JinjaExpression Operand, int Line) : JinjaExpression(Line);

sealed record JinjaBinary(string Operator, JinjaExpression Left, JinjaExpression Right, int Line) : JinjaExpression(Line);

/// <summary>then if condition else otherwise; without else it is undefined.</summary>
sealed record JinjaConditional(JinjaExpression Then, JinjaExpression Condition, JinjaExpression? Otherwise, int Line)
    : JinjaExpression(Line);

sealed record JinjaAttribute(JinjaExpression Target, string Name, int Line) : JinjaExpression(Line);

sealed record JinjaItem(JinjaExpression Target, JinjaExpression Key, int Line) : JinjaExpression(Line);

sealed record JinjaSlice(
    JinjaExpression Target, JinjaExpression? Start, JinjaExpression? Stop, JinjaExpression? Step, int Line) : JinjaExpression(Line);

sealed record JinjaCall(JinjaExpression Target, JinjaArguments Arguments, int Line) : JinjaExpression(Line);

sealed record JinjaFilter(JinjaExpression Target, string Name, JinjaArguments Arguments, int Line) : JinjaExpression(Line);

sealed record JinjaTest(JinjaExpression Target, string Name, JinjaArguments Arguments, bool Negated, int Line) : JinjaExpression(Line);

sealed record JinjaArguments(IReadOnlyList<JinjaExpression> Positional, IReadOnlyList<(string Name, JinjaExpression Value)> Named)
{
    public static readonly JinjaArguments None = new([], []);
}

abstract record JinjaStatement(int Line);

sealed record JinjaTextOutput(string Text, int Line) : JinjaStatement(Line);

sealed record JinjaOutput(JinjaExpression Value, int Line) : JinjaStatement(Line);

/// <summary>Branches in order; one without a condition is the else.</summary>
sealed record JinjaIf(IReadOnlyList<(JinjaExpression? Condition, IReadOnlyList<JinjaStatement> Body)> Branches, int Line)
    : JinjaStatement(Line);

/// <param name="Names">One name, or several that each item is unpacked into.</param>
sealed record JinjaFor(
    IReadOnlyList<string> Names, JinjaExpression Items, JinjaExpression? Filter, IReadOnlyList<JinjaStatement> Body,
    IReadOnlyList<JinjaStatement> Otherwise, int Line) : JinjaStatement(Line);

/// <param name="Attribute">For a namespace's attribute, else null.</param>
sealed record JinjaSet(string Name, string? Attribute, JinjaExpression Value, int Line) : JinjaStatement(Line);

/// <summary>{% set name %} body {% endset %}.</summary>
sealed record JinjaCapture(string Name, IReadOnlyList<JinjaStatement> Body, int Line) : JinjaStatement(Line);

/// <summary>{% generation %}, which marks the assistant's words and prints them.</summary>
sealed record JinjaGeneration(IReadOnlyList<JinjaStatement> Body, int Line) : JinjaStatement(Line);

/// <summary>break or continue.</summary>
sealed record JinjaJump(bool Breaks, int Line) : JinjaStatement(Line);

/// <summary>{% macro name(parameters) %} body {% endmacro %}; a parameter may have a default.</summary>
sealed record JinjaMacro(
    string Name,
    IReadOnlyList<(string Name, JinjaExpression? Default)> Parameters,
    IReadOnlyList<JinjaStatement> Body,
    int Line) : JinjaStatement(Line);
