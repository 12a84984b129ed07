namespace Harness.Statistics.Laws;

/// <summary>Points that a law is fitted to.</summary>
/// <param name="Inputs">For each input of the law its values, [inputs][points].</param>
/// <param name="Outputs">What was observed, [points].</param>
public sealed record LawData(double[][] Inputs, double[] Outputs)
{
    public int Points => Outputs.Length;

    /// <summary>The points at these places; a place may occur more than once.</summary>
    public LawData At(IReadOnlyList<int> places) => new(
        [.. Inputs.Select(input => places.Select(place => input[place]).ToArray())],
        [.. places.Select(place => Outputs[place])]);

    /// <summary>The inputs of one point.</summary>
    public double[] InputsOf(int point) => [.. Inputs.Select(input => input[point])];
}
