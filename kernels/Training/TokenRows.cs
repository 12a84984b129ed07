namespace Harness.Kernels.Training;

/// <summary>The rows of each token that rows have, ascending: by which the gradients of an embedding are summed in order.</summary>
/// <param name="Tokens">Each once.</param>
/// <param name="Firsts">Where each one's rows begin in the list; its length at last.</param>
/// <param name="List">Rows.</param>
sealed record TokenRows(int[] Tokens, int[] Firsts, int[] List)
{
    /// <summary>Of the rows whose label is not negative.</summary>
    public static TokenRows Of(ReadOnlySpan<int> inputs, ReadOnlySpan<int> labels)
    {
        var places = new Dictionary<int, int>();
        List<int> tokens = [], counts = [];
        int rows = 0;
        for (int row = 0; row < inputs.Length; row++)
        {
            if (labels[row] < 0)
                continue;
            if (places.TryAdd(inputs[row], tokens.Count))
            {
                tokens.Add(inputs[row]);
                counts.Add(0);
            }
            counts[places[inputs[row]]]++;
            rows++;
        }
        int[] firsts = new int[tokens.Count + 1], list = new int[rows];
        for (int i = 0; i < tokens.Count; i++)
            firsts[i + 1] = firsts[i] + counts[i];
        int[] next = firsts[..^1];
        for (int row = 0; row < inputs.Length; row++)
        {
            if (labels[row] >= 0)
                list[next[places[inputs[row]]]++] = row;
        }
        return new TokenRows([.. tokens], firsts, list);
    }
}
