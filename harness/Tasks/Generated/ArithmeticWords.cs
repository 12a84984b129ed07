namespace Harness.Tasks.Generated;

/// <summary>The words of the embedded tasks: numbers 0..99 and signs, one space between two words.</summary>
static class ArithmeticWords
{
    /// <summary>The largest number that has a word.</summary>
    public const int Most = 99;

    /// <summary>
    /// The words of a text. Two spaces in a row have an empty word between them: a token without a word was generated there, and
    /// it spoils the step as a wrong word does.
    /// </summary>
    public static string[] Split(string text)
    {
        string trimmed = text.Trim();
        return trimmed.Length == 0 ? [] : trimmed.ReplaceLineEndings(" ").Split(' ');
    }

    /// <summary>The value of a number word as the vocabulary spells it (7, never 07 or +7); null where it is not one.</summary>
    public static int? Number(string word) => word switch
    {
        [>= '0' and <= '9'] => word[0] - '0',
        [>= '1' and <= '9', >= '0' and <= '9'] => (word[0] - '0') * 10 + (word[1] - '0'),
        _ => null,
    };

    public static bool IsOperator(string word) => word is "+" or "-" or "*" or "/";
}
