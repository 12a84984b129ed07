using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Engines.Recorded;

/// <summary>The samples that a pool takes from its file: as many of each problem, each once.</summary>
public static class Recording
{
    /// <returns>By problem, then by sample.</returns>
    /// <param name="first">The number in the file of the first problem.</param>
    /// <param name="problems">How many, of consecutive numbers.</param>
    /// <param name="samples">Of each problem: the first by their numbers, or by their order where they have none.</param>
    /// <exception cref="HarnessException"><see cref="Codes.TooFewProblems"/>; <see cref="Codes.DataCorrupt"/>: a sample twice, or fewer of
    /// a problem than are asked for.</exception>
    public static IReadOnlyList<IReadOnlyList<RecordedSample>> Of(
        RecordedFile file, IReadOnlyList<RecordedSample> all, int first, int problems, int samples)
    {
        Dictionary<int, RecordedSample[]> known = all.GroupBy(sample => sample.Problem)
            .ToDictionary(problem => problem.Key, problem => InOrder(file, [.. problem]));
        return [.. Enumerable.Range(first, problems).Select(number => Taken(file, known, number, samples))];
    }

    static RecordedSample[] Taken(RecordedFile file, Dictionary<int, RecordedSample[]> known, int number, int samples)
    {
        if (!known.TryGetValue(number, out RecordedSample[]? problem))
        {
            string holds = known.Count == 0 ? "none" : $"{known.Count}, numbered {known.Keys.Min()} to {known.Keys.Max()}";
            throw Codes.TooFewProblems.With(
                $"has no problem {number}, which FirstProblem and Problems ask for; its problems are {holds}", file.Path);
        }
        return problem.Length >= samples ? problem[..samples] : throw file.Bad(
            $"problem {number} has {problem.Length} samples, and {samples} of each problem are asked for", problem[^1].Line);
    }

    static RecordedSample[] InOrder(RecordedFile file, RecordedSample[] problem)
    {
        int numbered = problem.Count(sample => sample.Sample is not null);
        if (numbered == 0)
            return problem;
        if (numbered < problem.Length)
        {
            RecordedSample without = problem.First(sample => sample.Sample is null);
            throw file.Bad($"a sample of problem {without.Problem} has no number, and others have one", without.Line);
        }
        Dictionary<int, int> lines = [];
        foreach (RecordedSample sample in problem)
        {
            if (!lines.TryAdd(sample.Sample!.Value, sample.Line))
            {
                throw file.Bad(
                    $"sample {sample.Sample} of problem {sample.Problem} is there twice, first on line {lines[sample.Sample.Value]}",
                    sample.Line);
            }
        }
        return [.. problem.OrderBy(sample => sample.Sample)];
    }
}
