using System.Globalization;

namespace Gpu;

/// <summary>A line that a process says of its part.</summary>
/// <param name="Index">Number of the check in its part.</param>
/// <param name="Seconds">Of one that has begun: its limit; of one that passed: what it took.</param>
/// <param name="Text">The check's name, or what there is to say.</param>
readonly record struct CheckLine(CheckEvent Event, int Index, double Seconds, string Text)
{
    const char Mark = '@', Separator = '\t';

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Mark}{Event}\t{Index}\t{Seconds:R}\t{Text.ReplaceLineEndings(" ")}");

    /// <summary>Null where the line is for people.</summary>
    public static CheckLine? Parse(string line)
    {
        string[] parts = line.Split(Separator, 4);
        return line.StartsWith(Mark) && parts.Length == 4 && Enum.TryParse(parts[0].AsSpan(1), out CheckEvent kind)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
            ? new CheckLine(kind, index, seconds, parts[3])
            : null;
    }
}
