namespace Harness.Training;

/// <summary>What a training has counted up to a step; it is kept with the weights, so that a run goes on where another ended.</summary>
sealed class TrainingSums
{
    /// <summary>Losses of the last steps that divergence is judged by.</summary>
    const int JudgedSteps = 100;

    readonly HashSet<ulong> identities = [];
    readonly Queue<double> losses = [];

    public long Step { get; private set; }
    public long Tokens { get; private set; }
    public long LossTokens { get; private set; }
    public long Sequences { get; private set; }
    public long SeenBefore { get; private set; }
    public long Flops { get; private set; }
    public long FlopsWithoutHead { get; private set; }

    /// <summary>Sum of losses over the tokens that counted since the last row, and how many they were.</summary>
    public double LossSum { get; private set; }
    public long LossSumTokens { get; private set; }

    /// <summary>Of the first step.</summary>
    public double FirstLoss { get; private set; }

    /// <summary>Mean over the last 100 steps; NaN where there are fewer.</summary>
    public double RecentLoss => losses.Count < JudgedSteps ? double.NaN : losses.Sum() / JudgedSteps;

    public double LossSinceRow => LossSum / LossSumTokens;

    public void Add(DrawnBatch drawn, Kernels.Models.TrainingFlops flops, double loss)
    {
        long counted = drawn.Batch.LossTokens;
        Step++;
        Tokens += drawn.Batch.Tokens;
        LossTokens += counted;
        Sequences += drawn.Identities.Count;
        SeenBefore += drawn.Identities.Count(identity => !identities.Add(identity));
        Flops += flops.Total;
        FlopsWithoutHead += flops.WithoutHead;
        LossSum += loss * counted;
        LossSumTokens += counted;
        if (Step == 1)
            FirstLoss = loss;
        losses.Enqueue(loss);
        if (losses.Count > JudgedSteps)
            losses.Dequeue();
    }

    public void BeginRow() => (LossSum, LossSumTokens) = (0, 0);

    public void Write(BinaryWriter file)
    {
        foreach (long value in new[] { Step, Tokens, LossTokens, Sequences, SeenBefore, Flops, FlopsWithoutHead, LossSumTokens })
            file.Write(value);
        file.Write(LossSum);
        file.Write(FirstLoss);
        file.Write(losses.Count);
        foreach (double loss in losses)
            file.Write(loss);
        file.Write(identities.Count);
        foreach (ulong identity in identities)
            file.Write(identity);
    }

    public static TrainingSums Read(BinaryReader file)
    {
        TrainingSums sums = new()
        {
            Step = file.ReadInt64(),
            Tokens = file.ReadInt64(),
            LossTokens = file.ReadInt64(),
            Sequences = file.ReadInt64(),
            SeenBefore = file.ReadInt64(),
            Flops = file.ReadInt64(),
            FlopsWithoutHead = file.ReadInt64(),
            LossSumTokens = file.ReadInt64(),
            LossSum = file.ReadDouble(),
            FirstLoss = file.ReadDouble(),
        };
        for (int left = file.ReadInt32(); left > 0; left--)
            sums.losses.Enqueue(file.ReadDouble());
        for (int left = file.ReadInt32(); left > 0; left--)
            sums.identities.Add(file.ReadUInt64());
        return sums;
    }
}
