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

    /// <summary>The words of each step, without the semicolon that ends it; what follows the last one is a step too.</summary>
    public static IEnumerable<string[]> Steps(IReadOnlyList<string> words)
    {
        List<string> step = [];
        foreach (string word in words)
        {
            if (word == ";")
            {
                yield return [.. step];
                step.Clear();
            }
            else
            {
                step.Add(word);
            }
        }
        if (step.Count > 0)
            yield return [.. step];
    }

    public static bool IsOperator(string word) => word is "+" or "-" or "*" or "/";
}
