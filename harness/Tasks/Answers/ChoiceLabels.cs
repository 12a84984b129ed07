namespace Harness.Tasks.Answers;

/// <summary>
/// The labels that the data's choices have. Where nothing lists them they are those of its answers and the ones before them (A and E make
/// A to E), at least four.
/// </summary>
public sealed class ChoiceLabels
{
    const int FewestLabels = 4;

    /// <summary>In upper case.</summary>
    readonly HashSet<char> labels = [];
    readonly bool lowerCase;

    /// <param name="answers">The data's answers to questions of choice, as it writes them; other answers are ignored.</param>
    public ChoiceLabels(IEnumerable<string> answers)
    {
        char[] given = [.. answers.Select(FinalChoice.FieldAsWritten).OfType<string>().Select(label => label[0])];
        lowerCase = given.Any(char.IsAsciiLetterLower);
        foreach (char label in given.Select(char.ToUpperInvariant))
        {
            char first = char.IsAsciiLetter(label) ? 'A' : given.Contains('0') ? '0' : '1';
            int last = Math.Max(label, first + FewestLabels - 1);
            for (int between = first; between <= last; between++)
                labels.Add((char)between);
        }
    }

    ChoiceLabels(IEnumerable<char> listed, bool lowerCase)
    {
        labels = [.. listed.Select(char.ToUpperInvariant)];
        this.lowerCase = lowerCase;
    }

    /// <summary>Exactly these labels.</summary>
    public static ChoiceLabels Listed(IReadOnlyList<string> labels) =>
        new(labels.Select(label => label[0]), labels.Any(label => char.IsAsciiLetterLower(label[0])));

    public bool Has(char label) => labels.Contains(char.ToUpperInvariant(label));

    /// <summary>
    /// Whether a label counts where it stands alone: capitals and digits do, small letters only where the data writes its labels so.
    /// </summary>
    internal bool StandsAlone(char label) => char.IsAsciiLetterUpper(label) || char.IsAsciiDigit(label) || lowerCase;
}
