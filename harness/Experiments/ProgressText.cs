namespace Harness.Experiments;

/// <summary>How far something is.</summary>
/// <param name="Text">In words.</param>
/// <param name="Share">Of the work that is done, in [0, 1].</param>
public readonly record struct ProgressText(string Text, double Share)
{
    const int BarWidth = 20, NarrowestBar = 5;

    public override string ToString() => Text;

    /// <summary>
    /// The text behind a bar, for a terminal of <paramref name="width"/> columns: what does not fit in one line is taken from the bar
    /// first.
    /// </summary>
    public string ToTerminal(int width)
    {
        string text = Text;
        int room = Math.Min(width - 1 - text.Length - "[] ".Length, BarWidth), full = (int)(Share * room);
        if (room >= NarrowestBar)
            text = $"[{new string('#', full)}{new string('.', room - full)}] {text}";
        return text.Length < width ? text : text[..Math.Max(width - 1, 0)];
    }
}
