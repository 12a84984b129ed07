using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Commands;

/// <summary>
/// Whole numbers as a command line states them: <c>3</c>, <c>0-5</c> or <c>0..5</c> (both ends included), <c>1,4,7-9</c>.
/// </summary>
sealed class NumberSelection
{
    readonly IReadOnlyList<(int First, int Last)> ranges;

    NumberSelection(IReadOnlyList<(int First, int Last)> ranges) => this.ranges = ranges;

    /// <summary>Every number from 0 on.</summary>
    public static NumberSelection All { get; } = new([(0, int.MaxValue)]);

    /// <summary>Whether it is one number alone.</summary>
    public bool IsSingle => ranges is [var (first, last)] && first == last;

    /// <summary>The largest number; <see cref="int.MaxValue"/> for <see cref="All"/>.</summary>
    public int Largest => ranges.Max(range => range.Last);

    public bool Contains(int number) => ranges.Any(range => number >= range.First && number <= range.Last);

    /// <param name="name">What the text selects, for the message.</param>
    /// <exception cref="HarnessException"><see cref="Codes.UsageError"/>.</exception>
    public static NumberSelection Parse(string text, string name) => new([.. text.Split(',').Select(part => ParseRange(part, text, name))]);

    static (int First, int Last) ParseRange(string part, string text, string name)
    {
        string[] ends = part.Contains("..", StringComparison.Ordinal) ? part.Split("..") : part.Split('-');
        bool read = int.TryParse(ends[0], out int first) & int.TryParse(ends[^1], out int last);
        return read && ends.Length <= 2 && first >= 0 && first <= last
            ? (first, last)
            : throw Codes.UsageError.With($"{name} is '{text}'; expected a number, a range such as 0-5, or a list such as 1,4,7");
    }
}
