using System.Globalization;
using Harness.Analysis;
using Harness.Figures;
using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Training;
using Harness.Verifiers;

namespace Harness.Results;

/// <summary>training.csv, validation.csv, the models' folders, the figure of their losses, and what a report says of them.</summary>
public static class TrainingResults
{
    const string Scientific = "0.00e0";

    /// <summary>Models beyond these are told of together, above their table.</summary>
    const int MostSentences = 4;

    public static Contribution Of(TrainedExperiment experiment)
    {
        TrainingRow[] rows = [.. experiment.Models.SelectMany(model => model.Rows)];
        ValidationRow[] validation = [.. experiment.Models.SelectMany(model => model.Validation)];
        List<(string, byte[])> files =
        [
            (TrainingTable.Csv.FileName, TrainingTable.Csv.Write(rows)),
            (ValidationTable.Csv.FileName, ValidationTable.Csv.Write(validation)),
        ];
        foreach ((TrainManifest train, TrainedModel model) in experiment.Manifest.Trains.Zip(experiment.Models))
        {
            if (train.IsCommitted)
                files.AddRange(model.Files.Select(file => ($"{train.Name}/{file.Name}", file.Content)));
        }
        Figure? figure = TrainingFigures.Loss(
            experiment.Manifest.Title, rows, experiment.Models.ToDictionary(model => model.Name, model => Facts(model.Shape)));
        return new Contribution(files, figure is null ? [] : [figure], [.. Sections(experiment)]);
    }

    /// <summary>Such as "llama, 4 layers of width 96, 456,096 parameters".</summary>
    public static string Facts(ModelConfig shape) =>
        $"{shape.Architecture}, {NumberText.Count(shape.Layers, "layer")} of width {Number(shape.Width)}, "
        + (shape.Experts is { } experts ? $"{experts.Count} experts of which a token passes {experts.Active}, " : "")
        + $"{Number(TrainingFlops.Parameters(shape, embedding: true))} parameters"
        + (shape.Experts is null ? "" : $" ({Number(TrainingFlops.Parameters(shape, embedding: true, active: true))} active)");

    static IEnumerable<ReportSection> Sections(TrainedExperiment experiment)
    {
        bool isFew = experiment.Models.Count <= MostSentences;
        yield return new ReportSection(null, IsSummary: true,
        [
            .. isFew ? experiment.Models.Select(model => new Paragraph(Sentence(model))) : [new Paragraph(Sentence(experiment))],
            new Table(Models(experiment)),
        ]);
        foreach (IGrouping<string, (TrainManifest Train, TrainedModel Model)> item in
            experiment.Manifest.Trains.Zip(experiment.Models).GroupBy(pair => pair.First.Item))
        {
            yield return new ReportSection(item.Key, IsSummary: false,
                [new Paragraph(Settings([.. item.Select(pair => pair.Train)])), new Table(Data([.. item]))]);
        }
        foreach (ReportSection seeds in Seeds(experiment.Ends))
            yield return seeds;
    }

    /// <summary>How its numbers are to be read.</summary>
    public static ReportSection Closing(TrainedExperiment experiment) => new("How to read this", IsSummary: false,
    [
        new Paragraph("Losses are natural logarithms, a mean over the tokens that count. Tokens are counted without padding; operations "
            + "are logical, forward and backward, counted from the shapes. Each sequence of a generated task is drawn anew; a problem "
            + "counts as seen before where an earlier sequence had it too, and those of the split test are in none. Training is exact: the "
            + "same command gives the same weights, byte for byte, on any machine."
            + (experiment.Manifest.Trains.Any(train => train.IsCommitted) ? " A model's folder has the layout of Hugging Face's." : "")),
    ]);

    static string Sentence(TrainedModel model)
    {
        TrainingRow last = model.Rows[^1];
        return $"{model.Name}: {Facts(model.Shape)}, trained on {Number(last.Tokens)} tokens in {Number(last.Step)} steps "
            + $"({Operations(last.Flops)} FLOP); loss on problems that it did not learn from "
            + $"{NumberText.Fixed(last.ValidationLoss ?? double.NaN)} nats a token.";
    }

    static string Sentence(TrainedExperiment experiment)
    {
        long[] sizes = [.. experiment.Models.Select(model => TrainingFlops.Parameters(model.Shape, embedding: true)).Order()];
        double flops = experiment.Models.Sum(model => (double)model.Rows[^1].Flops);
        return $"{Number(experiment.Models.Count)} models of {Number(sizes[0])} to {Number(sizes[^1])} parameters; "
            + $"{Operations(flops)} FLOP of training, where steps that models share count for each; "
            + $"about {Operations(experiment.ComputedFlops)} FLOP as they are computed, once.";
    }

    static TextTable Models(TrainedExperiment experiment)
    {
        bool hasMixtures = experiment.Models.Any(model => model.Shape.Experts is not null);
        TableColumn[] active = hasMixtures ? [TextTable.Right("active without embedding")] : [];
        TextTable table = new(
            [TextTable.Left("model"), TextTable.Right("parameters"), TextTable.Right("without embedding"), .. active,
            TextTable.Right("steps"), TextTable.Right("tokens"), TextTable.Right("that count"), TextTable.Right("FLOP"),
            TextTable.Right("without head"), TextTable.Right("loss"), TextTable.Right("validation"),
            TextTable.Right("problems seen before")]);
        foreach (TrainedModel model in experiment.Models)
        {
            TrainingRow last = model.Rows[^1];
            string[] passed = hasMixtures ? [Number(TrainingFlops.Parameters(model.Shape, embedding: false, active: true))] : [];
            table.Add(
                [model.Name, Number(TrainingFlops.Parameters(model.Shape, embedding: true)),
                Number(TrainingFlops.Parameters(model.Shape, embedding: false)), .. passed, Number(last.Step), Number(last.Tokens),
                Number(last.LossTokens), Operations(last.Flops),
                Operations(last.FlopsWithoutHead), NumberText.Fixed(last.Loss),
                NumberText.Fixed(last.ValidationLoss ?? double.NaN),
                $"{NumberText.Fixed(100.0 * last.SeenBefore / last.Sequences, 1)} %"]);
        }
        return table;
    }

    /// <summary>Of the models of one item, which may differ in budget, learning rate and seed.</summary>
    static string Settings(TrainManifest[] trains)
    {
        TrainManifest train = trains[0];
        string fall = trains.Length == 1 ? $"the last {Number(train.Schedule.DecaySteps)}"
            : $"the last {NumberText.Fixed(100 * train.Decay, 0)} % of its steps";
        string rates = string.Join(" or ", trains.Select(each => Real(each.LearningRate)).Distinct());
        string[] seeds = [.. trains.Select(each => each.Seed.ToString(CultureInfo.InvariantCulture)).Distinct()];
        string passes = !train.IsLooped ? ""
            : $"Each step passes the layers 1 to {train.Loops} times, each number alike; validation {train.Loops} times. ";
        string begins = train.From is not { } from ? ""
            : train.AddedLayers == 0 ? $"Goes on from {from}. "
            : $"Goes on from {from}, with {NumberText.Count(train.AddedLayers, "layer")} on top. ";
        string balance = train.Shape.Experts is null ? "" : $"The loss that balances experts counts {Real(train.BalanceLoss)}. ";
        string learnt = train.Judges is not null ? "the verdicts alone" : train.Loss == LossPart.All ? "all tokens" : "the answer";
        return begins + passes + balance + $"At most {Number(train.BatchTokens)} tokens a step, padding among them; loss on {learnt}. "
            + $"AdamW: learning rate {rates} after "
            + $"{NumberText.Count(train.Warmup, "step")} of rise, falling to zero over {fall}; betas "
            + $"{Real(train.Optimizer.Beta1)} and {Real(train.Optimizer.Beta2)}, weight decay {Real(train.Optimizer.WeightDecay)}, "
            + $"clipping at norm {Real(train.Optimizer.ClipNorm)}. {(seeds.Length == 1 ? "Seed" : "Seeds")} {string.Join(", ", seeds)}.";
    }

    /// <summary>With the losses of the one with the largest budget.</summary>
    static TextTable Data((TrainManifest Train, TrainedModel Model)[] models)
    {
        (TrainManifest train, TrainedModel model) = models.MaxBy(each => each.Train.Tokens);
        TextTable table = new(
            TextTable.Left("data"), TextTable.Left("what"), TextTable.Right("share"),
            TextTable.Right(models.Length == 1 ? "validation loss" : $"validation loss of {model.Name}"), TextTable.Right("over tokens"));
        int shares = train.Data.Sum(data => data.Share);
        foreach (DataManifest data in train.Data)
        {
            ValidationRow? last = model.Validation.LastOrDefault(row => row.Data == data.Name);
            string what = data.File is { } file ? $"file {Path.GetFileName(file)}"
                : $"{data.Task!.Name} {string.Join(", ", data.Difficulties)}, {data.Prompt}{Judged(data)}";
            table.Add(
                data.Name, what, $"{NumberText.Fixed(100.0 * data.Share / shares, 1)} %",
                last is null ? "" : NumberText.Fixed(last.Loss), last is null ? "" : Number(last.LossTokens));
        }
        return table;
    }

    static string Judged(DataManifest data) => data.Labelling switch
    {
        null => "",
        { Kind: RewardKind.Outcome } => ": answers of the Model, judged whole",
        { IsSoft: var isSoft, Rollouts: var rollouts, IsOfTokens: var isOfTokens } =>
            $": answers of the Model, judged step by step ({(isSoft ? "soft" : "hard")}, {NumberText.Count(rollouts, "completion")}"
            + $"{(isOfTokens ? ", on tokens" : "")})",
    };

    /// <summary>How far models come apart that differ in nothing but their seed; no section without any.</summary>
    static IEnumerable<ReportSection> Seeds(IReadOnlyList<TrainedEnd> ends)
    {
        TrainedEnd[][] groups =
        [
            .. ends.GroupBy(end => (end.Model.Item, end.Model.Tokens, end.Model.LearningRate)).Select(group => group.ToArray())
                .Where(group => group.Length > 1),
        ];
        if (groups.Length == 0)
            yield break;
        TextTable table = new(
            TextTable.Left("models"), TextTable.Right("seeds"), TextTable.Right("mean loss"), TextTable.Right("standard deviation"));
        foreach (TrainedEnd[] group in groups)
        {
            double[] losses = [.. group.Select(end => end.Losses[EntropyRow.AllData])];
            double mean = losses.Average();
            table.Add(
                $"{group[0].Model.Item}, {Number(group[0].Model.Tokens)} tokens, learning rate {Real(group[0].Model.LearningRate)}",
                Number(group.Length),
                NumberText.Fixed(mean, 4),
                NumberText.Fixed(Math.Sqrt(losses.Sum(loss => (loss - mean) * (loss - mean)) / (losses.Length - 1)), 4));
        }
        yield return new ReportSection("Seeds", IsSummary: false,
            [new Paragraph("Each seed has first weights, texts and validation texts of its own."), new Table(table)]);
    }

    static string Operations(double flops) => flops.ToString(Scientific, CultureInfo.InvariantCulture);

    static string Real(double value) => value.ToString(CultureInfo.InvariantCulture);

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
