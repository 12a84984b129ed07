namespace Harness.Statistics;

/// <summary>One answer that samples gave: how many gave it, and the share of these that are right.</summary>
public readonly record struct AnswerCount(int Count, double Correctness);

/// <summary>The answers of a problem's samples. Equal answers are counted together, and samples without an answer apart.</summary>
public sealed record AnswerTally
{
    public required int Samples { get; init; }

    /// <summary>In the order of first appearance.</summary>
    public required AnswerCount[] Answers { get; init; }

    /// <summary>For each sample, the place of its answer in <see cref="Answers"/>, or -1 where it gave none.</summary>
    public required int[] AnswerOfSample { get; init; }

    /// <summary>The same answers with each sample's correctness as given.</summary>
    public AnswerTally With(ReadOnlySpan<bool> correct)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(correct.Length, Samples);
        int[] right = new int[Answers.Length];
        for (int i = 0; i < correct.Length; i++)
        {
            if (AnswerOfSample[i] >= 0 && correct[i])
                right[AnswerOfSample[i]]++;
        }
        AnswerCount[] judged = [.. Answers.Select((answer, place) => answer with { Correctness = (double)right[place] / answer.Count })];
        return this with { Answers = judged };
    }

    /// <summary>Answers are equal where their strings are, ordinally; null or empty is no answer.</summary>
    public static AnswerTally Of(IReadOnlyList<string?> answers, IReadOnlyList<bool> correct)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(correct.Count, answers.Count);
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        List<(int Count, int Right)> tallies = [];
        int[] answerOfSample = new int[answers.Count];
        for (int i = 0; i < answers.Count; i++)
        {
            if (answers[i] is not { Length: > 0 } answer)
            {
                answerOfSample[i] = -1;
                continue;
            }
            if (!places.TryGetValue(answer, out int place))
            {
                places.Add(answer, place = tallies.Count);
                tallies.Add(default);
            }
            answerOfSample[i] = place;
            tallies[place] = (tallies[place].Count + 1, tallies[place].Right + (correct[i] ? 1 : 0));
        }
        return new()
        {
            Samples = answers.Count,
            Answers = [.. tallies.Select(tally => new AnswerCount(tally.Count, (double)tally.Right / tally.Count))],
            AnswerOfSample = answerOfSample,
        };
    }
}
