namespace Harness.Kernels.ChatTemplates;

/// <summary>White space as Python's str has it.</summary>
static class JinjaText
{
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\x1C' and <= '\x1F';

    public static string TrimStart(string text) => text[text.TakeWhile(IsSpace).Count()..];

    public static string TrimEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1]))
            end--;
        return text[..end];
    }

    public static string Trim(string text) => TrimEnd(TrimStart(text));
}
