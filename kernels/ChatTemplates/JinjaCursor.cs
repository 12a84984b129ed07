using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.ChatTemplates;

/// <summary>A place in a template's tokens, the last of which is <see cref="JinjaTokenKind.End"/>.</summary>
sealed class JinjaCursor(List<JinjaToken> tokens)
{
    int position;

    public JinjaToken Current => tokens[position];

    public JinjaToken Next => tokens[Math.Min(position + 1, tokens.Count - 1)];

    public JinjaToken Take() => Current.Kind == JinjaTokenKind.End ? throw Unsupported("the template ends too early") : tokens[position++];

    public bool TryTake(JinjaTokenKind kind, string? value = null)
    {
        if (Current.Kind != kind || (value is not null && Current.Value != value))
            return false;
        position++;
        return true;
    }

    public JinjaToken Expect(JinjaTokenKind kind, string? value = null)
    {
        JinjaToken token = Current;
        return TryTake(kind, value)
            ? token
            : throw Unsupported($"{Describe(token.Kind, token.Value)} stands where {Describe(kind, value ?? "")} is due");
    }

    public HarnessException Unsupported(string what) => JinjaLexer.Unsupported(what, Current.Line);

    static string Describe(JinjaTokenKind kind, string value) => value.Length == 0 ? kind.ToString() : $"'{value}'";
}
