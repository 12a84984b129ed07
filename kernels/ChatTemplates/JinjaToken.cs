namespace Harness.Kernels.ChatTemplates;

enum JinjaTokenKind
{
    /// <summary>Text between tags, white space already controlled.</summary>
    Text,
    BlockStart,
    BlockEnd,
    OutputStart,
    OutputEnd,
    Name,
    Quoted,
    Number,
    Operator,
    End,
}

/// <param name="Line">1-based.</param>
readonly record struct JinjaToken(JinjaTokenKind Kind, string Value, int Line)
{
    public bool Is(JinjaTokenKind kind, string value) => Kind == kind && Value == value;
}
