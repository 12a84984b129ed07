using System.Numerics;
using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Sampling;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Tasks;

namespace Harness.Training;

/// <summary>One step's texts.</summary>
/// <param name="Batch">
/// Groups of near-equal length in ascending order of it, in each the sequences in the order in which they were drawn.
/// </param>
/// <param name="Identities">Of the sequences, in the order in which they were drawn.</param>
public sealed record DrawnBatch(TrainingBatch Batch, IReadOnlyList<ulong> Identities);

/// <summary>
/// Draws batches: sequence i of step t is named by (seed, t, i), and its source is drawn by the shares. A batch is full when the next
/// sequence would exceed its tokens.
/// </summary>
public sealed class BatchDrawer
{
    /// <summary>
    /// Predictions of a sequence are padded to a multiple of this, or of an eighth of the power of two below them where that is more.
    /// </summary>
    const int LeastUnit = 4;

    readonly TrainManifest train;
    readonly IReadOnlyList<IExampleSource> sources;
    readonly int[] shares;
    readonly RandomPurpose purpose;
    readonly ProblemSplit split;
    readonly long[] drawn;

    /// <param name="validation">Whether the texts are to validate the loss on, and not to learn from.</param>
    public BatchDrawer(TrainManifest train, TrainingData data, bool validation)
    {
        (this.train, sources) = (train, data.Sources);
        shares = [.. train.Data.Select(each => each.Share)];
        purpose = validation ? RandomPurpose.ValidationSequence : RandomPurpose.TrainingSequence;
        split = validation ? ProblemSplit.Validation : ProblemSplit.Train;
        drawn = new long[sources.Count];
    }

    /// <summary>Texts drawn of each source so far: the batches that follow depend on them and on their step, and on nothing else.</summary>
    public IReadOnlyList<long> Drawn
    {
        get => [.. drawn];
        set => value.ToArray().CopyTo(drawn, 0);
    }

    /// <param name="step">1-based.</param>
    /// <exception cref="HarnessException"><see cref="Codes.TrainingUnable"/>: not even one sequence fits.</exception>
    public DrawnBatch Draw(long step) => Draw(step, train.BatchTokens, source: null);

    /// <summary>Texts of one source, whatever its share.</summary>
    /// <param name="tokens">Most tokens, padding among them.</param>
    /// <exception cref="HarnessException"><see cref="Codes.TrainingUnable"/>: not even one sequence fits.</exception>
    public DrawnBatch DrawOf(int source, int tokens) => Draw(source, tokens, source);

    DrawnBatch Draw(long group, int most, int? source)
    {
        SortedDictionary<int, List<TrainingSequence>> groups = [];
        List<ulong> identities = [];
        for (int tokens = 0, number = 0; ; number++)
        {
            ProblemRandom stream = new(train.Seed, number, (int)group, purpose);
            int from = source ?? Choose(stream);
            Example example = sources[from].Draw(stream, drawn[from], split);
            int padded = PaddedLength(example.Tokens.Length);
            if (example.Tokens.Length - 1 > train.Shape.ContextLength)
                throw Codes.TrainingUnable.With($"a sequence of {example.Tokens.Length} tokens is longer than the context of model "
                    + $"'{train.Name}', {train.Shape.ContextLength}");
            if (tokens + padded > most)
            {
                return groups.Count > 0 ? new DrawnBatch(BatchOf(groups), identities) : throw Codes.TrainingUnable.With(
                    $"{most} tokens of {(source is null ? "a batch" : "validation")} hold no sequence of model '{train.Name}', whose first "
                    + $"one has {padded}; raise {(source is null ? TrainAttributes.BatchTokens : TrainAttributes.ValidationTokens).Name}");
            }
            tokens += padded;
            drawn[from]++;
            if (!groups.TryGetValue(padded, out List<TrainingSequence>? sequences))
                groups.Add(padded, sequences = []);
            sequences.Add(Sequence(example));
            identities.Add(example.Identity);
        }
    }

    int Choose(ProblemRandom stream)
    {
        if (shares.Length == 1)
            return 0;
        int place = stream.Below(shares.Sum()), source = 0;
        for (; place >= shares[source]; source++)
            place -= shares[source];
        return source;
    }

    TrainingSequence Sequence(Example example)
    {
        if (example.Verdicts is { } verdicts)
            return new TrainingSequence
            {
                Tokens = example.Tokens,
                Targets = [.. verdicts.Zip(example.Tokens, (verdict, token) => verdict < 0 ? token : verdict)],
                Unlikely = example.Unlikely,
                Weights = [.. verdicts.Select(verdict => verdict < 0 ? 0f : 1f)],
            };
        float[] weights = new float[example.Tokens.Length];
        weights.AsSpan(train.Loss == LossPart.All ? 1 : example.PromptTokens).Fill(1);
        return new TrainingSequence { Tokens = example.Tokens, Weights = weights };
    }

    int PaddedLength(int tokens)
    {
        int predictions = tokens - 1, unit = Math.Max(LeastUnit, (int)(BitOperations.RoundUpToPowerOf2((uint)predictions + 1) / 16));
        int padded = (predictions + unit - 1) / unit * unit;
        return Math.Max(Math.Min(padded, train.Shape.ContextLength), predictions) + 1;
    }

    static TrainingBatch BatchOf(SortedDictionary<int, List<TrainingSequence>> groups) => new(
        [.. groups.Select(group => new SequenceGroup { PaddedLength = group.Key, Sequences = group.Value })]);
}
