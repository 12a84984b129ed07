using System.Diagnostics;
using Harness.Diagnostics;
using Harness.Kernels;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Records;
using Harness.Tasks;
using Harness.Verifiers;

namespace Harness.Training;

/// <summary>
/// Trains one model from its first step, or from where an earlier run was ended, to its last: batches, steps, rows, validation, state.
/// </summary>
/// <param name="folder">Where the state is kept, and the model's folder made.</param>
/// <param name="run">Names all that the model's bytes depend on.</param>
/// <param name="trunk">What it shares with models of other budgets; null where there is none.</param>
/// <param name="begins">Where the model lies that it goes on from; null where it begins with random weights.</param>
/// <param name="asked">Of a looped model, the passes at which it is wanted as a folder of its own, beside the model's.</param>
public sealed class ModelTraining(
    TrainManifest train, TrainingData data, Placement placement, string folder, string run, SharedTrunk? trunk = null,
    string? begins = null, IReadOnlyList<int>? asked = null)
{
    /// <summary>Saving takes at most this share of the time, so that a kill loses so many times what it takes, and no more.</summary>
    const int TimesOfSaving = 100;

    /// <summary>However fast it is.</summary>
    static readonly TimeSpan LeastBetweenSaves = TimeSpan.FromMilliseconds(250);

    readonly KeptTraining kept = new(Path.Combine(folder, ".state"), run);
    readonly BatchDrawer drawer = new(train, data, validation: false);
    List<TrainingRow> rows = [];
    List<ValidationRow> validation = [];
    TrainingSums sums = new();
    DrawnBatch[] validated = [];
    TimeSpan saving;
    bool keeps, isKept;

    /// <summary>Where an experiment is placed, as a training has it.</summary>
    public static TrainingPlacement PlacementOf(Placement placement) => new()
    {
        Device = placement.Device,
        Threads = placement.Threads,
        Isa = placement.Isa,
        MemoryBytes = placement.MemoryBytes,
    };

    /// <summary>Of the finished model.</summary>
    /// <param name="folder">Of its training.</param>
    /// <param name="train">The model.</param>
    /// <param name="loops">Null: as the manifest has it; else of a looped model, unrolled at so many passes.</param>
    public static string FolderOf(string folder, TrainManifest train, int? loops = null) =>
        Path.Combine(folder, loops is { } passes ? $".loops-{passes}" : train.Name);

    /// <param name="stopAfter">The last step, with a row of its own; 0: that of the schedule, after which the model is written.</param>
    /// <param name="report">Is told after every step.</param>
    /// <exception cref="HarnessException">
    /// Something does not fit; the loss is not finite, or rises (the last good state is kept); the run was cancelled (its state is kept).
    /// </exception>
    public TrainedModel Run(long stopAfter, Action<TrainingStatus> report, CancellationToken cancellation)
    {
        // Before the first step, which may be hours before the first validation: what can't be drawn is said now.
        validated = ValidationTexts();
        using ITrainer trainer = Begin(train, begins, PlacementOf(placement));
        long last = stopAfter > 0 ? Math.Min(stopAfter, train.Steps) : train.Steps;
        keeps = stopAfter == 0;
        if (keeps && (kept.Resume(trainer) ?? trunk?.Begin(trainer, train)) is { } counts)
            Adopt(counts);
        long begun = sums.Step, tokens = sums.Tokens, saved = Stopwatch.GetTimestamp();
        report(new TrainingStatus(train.Name, begun, last, double.NaN, 0, begun));
        while (sums.Step < last)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save(trainer);
                throw new OperationCanceledException(cancellation);
            }
            double loss = Step(trainer, last);
            if (keeps && sums.Step == train.StepsBeforeFall)
                trunk?.Leave(trainer, Counted);
            report(new TrainingStatus(train.Name, sums.Step, last, loss, sums.Tokens - tokens, begun));
            if (keeps && Stopwatch.GetElapsedTime(saved) > BetweenSaves)
            {
                Save(trainer);
                saved = Stopwatch.GetTimestamp();
            }
        }
        if (stopAfter > 0)
            return new TrainedModel(train.Name, train.Shape, rows, validation, [], []);
        if (begun < last)
            Save(trainer);
        return new TrainedModel(train.Name, train.Shape, rows, validation, [], Write(trainer));
    }

    /// <summary>Before its first step.</summary>
    /// <param name="begins">Where the model lies that it goes on from; null where it begins with random weights.</param>
    public static ITrainer Begin(TrainManifest train, string? begins, TrainingPlacement placement)
    {
        if (begins is null)
            return Trainers.Create(
                train.Shape, new InitialWeights(train.Seed), train.Optimizer, placement, train.Loops, train.BalanceLoss);
        using Checkpoint before = ModelFiles.Open(begins);
        return Trainers.Create(
            before, new AddedLayers(train.AddedLayers, new InitialWeights(train.Seed)), train.Optimizer, placement, train.Loops,
            train.BalanceLoss);
    }

    double Step(ITrainer trainer, long last)
    {
        IReadOnlyList<long> before = drawer.Drawn;
        DrawnBatch drawn = drawer.Draw(sums.Step + 1);
        double rate = train.Schedule.RateAt(sums.Step + 1);
        int loops = train.LoopsOf(sums.Step + 1);
        StepResult result;
        try
        {
            result = trainer.Step(drawn.Batch, rate, loops);
        }
        catch (HarnessException failure) when (failure.Diagnostic == KernelCodes.TrainingNotFinite)
        {
            drawer.Drawn = before;
            Save(trainer);
            string where = keeps ? $"; they are kept in {kept.WeightsPath}" : "";
            throw failure.Diagnostic.With($"model '{train.Name}', {failure.Message}{where}", inner: failure);
        }
        sums.Add(drawn, drawn.Batch.Flops(train.ShapeOf(loops)), result.Loss);
        if (sums.RecentLoss > sums.FirstLoss)
            throw Codes.TrainingDiverged.With(FormattableString.Invariant(
                $"model '{train.Name}', step {sums.Step}: the mean loss of 100 steps is {sums.RecentLoss:0.####}, that of step 1 was ")
                + FormattableString.Invariant($"{sums.FirstLoss:0.####}; ") + (isKept
                    ? $"the last good state is kept in {kept.WeightsPath}" : "no earlier state is kept"));
        bool validates = sums.Step == train.Steps || sums.Step % train.ValidateEvery == 0;
        if (validates || sums.Step == 1 || sums.Step == last || sums.Step % train.LogEvery == 0)
            AddRow(trainer, result, rate, validates, isHashed: validates || sums.Step == last || IsHashed(sums.Step));
        return result.Loss;
    }

    void AddRow(ITrainer trainer, StepResult result, double rate, bool validates, bool isHashed)
    {
        rows.Add(new TrainingRow
        {
            Model = train.Name,
            Step = (int)sums.Step,
            Tokens = sums.Tokens,
            LossTokens = sums.LossTokens,
            Sequences = sums.Sequences,
            SeenBefore = sums.SeenBefore,
            Flops = sums.Flops,
            FlopsWithoutHead = sums.FlopsWithoutHead,
            Loss = sums.LossSinceRow,
            LearningRate = rate,
            GradientNorm = result.GradientNorm,
            ValidationLoss = validates ? Validate(trainer) : null,
            Weights = isHashed ? trainer.WeightsHash() : "",
        });
        sums.BeginRow();
    }

    /// <summary>1, 2, 5, 10, 20, 50 and so on.</summary>
    static bool IsHashed(long step)
    {
        while (step >= 10 && step % 10 == 0)
            step /= 10;
        return step is 1 or 2 or 5;
    }

    double Validate(ITrainer trainer)
    {
        (double sum, long tokens) = (0, 0);
        foreach ((int place, DrawnBatch texts) in validated.Index())
        {
            double loss = trainer.Evaluate(texts.Batch, train.Loops);
            long counted = texts.Batch.LossTokens;
            validation.Add(new ValidationRow
            {
                Model = train.Name,
                Step = (int)sums.Step,
                Data = train.Data[place].Name,
                Sequences = texts.Identities.Count,
                LossTokens = counted,
                Loss = loss,
            });
            sum += loss * counted;
            tokens += counted;
        }
        return sum / tokens;
    }

    /// <summary>The same ones each time, of each data as many tokens as its share.</summary>
    DrawnBatch[] ValidationTexts()
    {
        BatchDrawer texts = new(train, data, validation: true);
        double shares = train.Data.Sum(each => (double)each.Share);
        return [.. train.Data.Select((each, place) => texts.DrawOf(place, (int)(train.ValidationTokens * (each.Share / shares))))];
    }

    void Adopt(KeptTraining.Counts counts)
    {
        isKept = true;
        sums = counts.Sums;
        rows = [.. counts.Rows.Select(row => row with { Model = train.Name })];
        validation = [.. counts.Validation.Select(row => row with { Model = train.Name })];
        drawer.Drawn = counts.Drawn;
    }

    KeptTraining.Counts Counted => new(sums, drawer.Drawn, rows, validation);

    TimeSpan BetweenSaves => TimesOfSaving * saving > LeastBetweenSaves ? TimesOfSaving * saving : LeastBetweenSaves;

    void Save(ITrainer trainer)
    {
        if (!keeps)
            return;
        long started = Stopwatch.GetTimestamp();
        kept.Save(trainer, Counted);
        isKept = true;
        saving = Stopwatch.GetElapsedTime(started);
    }

    (string, byte[])[] Write(ITrainer trainer)
    {
        foreach (int loops in asked ?? [])
            WriteUnrolled(FolderOf(folder, train, loops), trainer, loops);
        string place = FolderOf(folder, train);
        if (train.UnrolledAt > 0)
            WriteUnrolled(place, trainer, train.UnrolledAt);
        else
            HuggingFaceWriter.Write(place, trainer.Checkpoint, Tokens, FilesBeside(), train.Loops, train.BalanceLoss);
        return [.. Directory.EnumerateFiles(place).Order(StringComparer.Ordinal)
            .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path)))];
    }

    /// <summary>The tokenizer, and of a reward model how it is read.</summary>
    Dictionary<string, ReadOnlyMemory<byte>> FilesBeside()
    {
        Dictionary<string, ReadOnlyMemory<byte>> files = new(GeneratedWords.Vocabulary.Files());
        if (train.Judges is { } form)
            files.Add(RewardForm.FileName, form.Write());
        return files;
    }

    void WriteUnrolled(string place, ITrainer trainer, int loops)
    {
        using UnrolledCheckpoint unrolled = new(trainer.Checkpoint, loops);
        HuggingFaceWriter.Write(place, unrolled, Tokens, GeneratedWords.Vocabulary.Files(), balanceLoss: train.BalanceLoss);
    }

    static SpecialTokens Tokens =>
        new(GeneratedWords.Vocabulary.Begin, GeneratedWords.Vocabulary.End, GeneratedWords.Vocabulary.Padding);
}
