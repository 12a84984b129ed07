using Harness.Kernels.Decoding;
using Harness.Strategies;

namespace Harness.Searches;

/// <summary>A path with what was drawn and given on it.</summary>
sealed class LivePath : SearchPath
{
    readonly List<int> tokens = [];
    readonly List<float> logProbabilities = [];
    readonly List<bool> drawn = [];

    public LivePath(int number, LivePath? parent)
    {
        Number = number;
        Parent = parent;
        if (parent is null)
            return;
        tokens.AddRange(parent.tokens);
        logProbabilities.AddRange(parent.logProbabilities);
        drawn.AddRange(parent.drawn);
        Finish = parent.Finish;
        ForkedAt = parent.tokens.Count;
    }

    public override int Number { get; }

    public LivePath? Parent { get; }

    /// <summary>How many of its first tokens are its parent's.</summary>
    public int ForkedAt { get; }

    public override IReadOnlyList<int> Tokens => tokens;

    /// <summary>Null while its answer has not ended.</summary>
    public FinishReason? Finish { get; set; }

    public override bool IsFinished => Finish is not null;

    public bool IsDropped { get; set; }

    /// <summary>Whether a token was drawn, rather than given.</summary>
    public bool IsDrawn(int place) => drawn[place];

    public int DrawnTokens => drawn.Count(isDrawn => isDrawn);

    /// <summary>The path as a sample. A path that has not finished is cut off where it is.</summary>
    public Generation AsSample(int problem) => new(problem, Number, [.. tokens], [.. logProbabilities], Finish ?? FinishReason.Length);

    public void Draw(Generation generation)
    {
        tokens.AddRange(generation.Tokens);
        logProbabilities.AddRange(generation.LogProbabilities);
        drawn.AddRange(Enumerable.Repeat(true, generation.Tokens.Length));
    }

    /// <summary>Given tokens have no log-probability: what is certain counts as 0.</summary>
    public void Give(IEnumerable<int> given)
    {
        foreach (int token in given)
        {
            tokens.Add(token);
            logProbabilities.Add(0);
            drawn.Add(false);
        }
    }
}
