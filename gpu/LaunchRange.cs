using System.Globalization;

namespace Gpu;

/// <summary>Launches to pass over, and how many to look at then.</summary>
readonly record struct LaunchRange(int Skip, int Count)
{
    const string Mark = "launches";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Mark} {Skip} {Count}");

    /// <summary>From the lines of a process that counted; null where none says it.</summary>
    public static LaunchRange? Find(IEnumerable<string> lines)
    {
        foreach (string[] words in lines.Select(line => line.Split(' ')))
        {
            if (words is [Mark, var skip, var count] && int.TryParse(skip, NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int launches))
                return new LaunchRange(first, launches);
        }
        return null;
    }
}
