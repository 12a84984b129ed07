namespace Harness.Statistics;

/// <summary>All subsets of k of n, one after another in lexicographic order; the first is 0..k-1.</summary>
static class SubsetEnumeration
{
    /// <summary>C(n, k), or one more than <paramref name="most"/> where it is larger than that.</summary>
    public static int CountUpTo(int n, int k, int most)
    {
        long count = 1;
        for (int i = 1; i <= Math.Min(k, n - k); i++)
        {
            count = count * (n - i + 1) / i;
            if (count > most)
                return most + 1;
        }
        return (int)count;
    }

    /// <summary>Goes on to the next subset of n; false after the last.</summary>
    public static bool Next(Span<int> subset, int n)
    {
        int place = subset.Length - 1;
        while (place >= 0 && subset[place] == n - subset.Length + place)
            place--;
        if (place < 0)
            return false;
        int value = subset[place] + 1;
        for (; place < subset.Length; place++)
            subset[place] = value++;
        return true;
    }
}
