namespace Harness.Kernels.Diagnostics;

/// <summary>What a misspelt name was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>
    /// <c>; did you mean 'Samples'?</c>, or <c>; valid: A, B, C</c> where nothing is near, to follow a message about
    /// <paramref name="name"/>.
    /// </summary>
    public static string Hint(string name, IEnumerable<string> valid)
    {
        string[] names = [.. valid];
        return Find(name, names) is { } nearest ? $"; did you mean '{nearest}'?" : $"; valid: {string.Join(", ", names)}";
    }

    /// <summary>
    /// The valid name within a third of the length in edits (adjacent swaps count one), the first where several are; else null.
    /// </summary>
    public static string? Find(string name, IEnumerable<string> valid)
    {
        string? nearest = null;
        int least = Math.Max(2, name.Length / 3) + 1;
        foreach (string candidate in valid)
        {
            int distance = Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < least && distance < candidate.Length)
                (nearest, least) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary>Optimal string alignment distance.</summary>
    static int Distance(string a, string b)
    {
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            d[i, 0] = i;
        for (int j = 0; j <= b.Length; j++)
            d[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int substitution = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substitution, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }
        return d[a.Length, b.Length];
    }
}
