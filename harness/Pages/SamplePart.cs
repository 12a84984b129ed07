using System.Text;

namespace Harness.Pages;

/// <summary>What one of several pages has of the samples: JSON by pool.</summary>
sealed class SamplePart
{
    /// <summary>Of its first sample: place of the pool, problem, sample.</summary>
    public (int Pool, int Problem, int Sample) Start { get; init; }

    /// <summary>By the pool's place: its samples, separated by commas.</summary>
    public Dictionary<int, StringBuilder> Samples { get; } = [];

    /// <summary>By the pool's place: what was asked, a member a problem.</summary>
    public Dictionary<int, StringBuilder> Problems { get; } = [];

    public static void Add(Dictionary<int, StringBuilder> lists, int pool, string json)
    {
        if (!lists.TryGetValue(pool, out StringBuilder? list))
            lists.Add(pool, list = new StringBuilder());
        list.Append(list.Length > 0 ? ",\n" : "").Append(json);
    }
}
