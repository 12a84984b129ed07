using System.Globalization;
using Harness.Figures;
using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Records;
using Harness.Reports;
using Harness.Training;

namespace Harness.Results;

/// <summary>training.csv, validation.csv, the models' folders, the figure of their losses, and what a report says of them.</summary>
public static class TrainingResults
{
    const string Scientific = "0.00e0";

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
        + $"{Number(TrainingFlops.Parameters(shape, embedding: true))} parameters";

    static IEnumerable<ReportSection> Sections(TrainedExperiment experiment)
    {
        yield return new ReportSection(null, IsSummary: true,
            [.. experiment.Models.Select(model => new Paragraph(Sentence(model))), new Table(Models(experiment))]);
        foreach ((TrainManifest train, TrainedModel model) in experiment.Manifest.Trains.Zip(experiment.Models))
            yield return new ReportSection(train.Name, IsSummary: false, [new Paragraph(Settings(train)), new Table(Data(train, model))]);
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
            + $"({last.Flops.ToString(Scientific, CultureInfo.InvariantCulture)} FLOP); loss on problems that it did not learn from "
            + $"{NumberText.Fixed(last.ValidationLoss ?? double.NaN)} nats a token.";
    }

    static TextTable Models(TrainedExperiment experiment)
    {
        TextTable table = new(
            TextTable.Left("model"), TextTable.Right("parameters"), TextTable.Right("without embedding"), TextTable.Right("steps"),
            TextTable.Right("tokens"), TextTable.Right("that count"), TextTable.Right("FLOP"), TextTable.Right("without head"),
            TextTable.Right("loss"), TextTable.Right("validation"), TextTable.Right("problems seen before"));
        foreach (TrainedModel model in experiment.Models)
        {
            TrainingRow last = model.Rows[^1];
            table.Add(
                model.Name, Number(TrainingFlops.Parameters(model.Shape, embedding: true)),
                Number(TrainingFlops.Parameters(model.Shape, embedding: false)), Number(last.Step), Number(last.Tokens),
                Number(last.LossTokens), last.Flops.ToString(Scientific, CultureInfo.InvariantCulture),
                last.FlopsWithoutHead.ToString(Scientific, CultureInfo.InvariantCulture), NumberText.Fixed(last.Loss),
                NumberText.Fixed(last.ValidationLoss ?? double.NaN),
                $"{NumberText.Fixed(100.0 * last.SeenBefore / last.Sequences, 1)} %");
        }
        return table;
    }

    static string Settings(TrainManifest train)
    {
        WarmupStableDecay schedule = train.Schedule;
        return $"At most {Number(train.BatchTokens)} tokens a step, padding among them; loss on "
            + $"{(train.Loss == LossPart.All ? "all tokens" : "the answer")}. AdamW: learning rate {Real(train.LearningRate)} after "
            + $"{NumberText.Count(train.Warmup, "step")} of rise, falling to zero over the last {Number(schedule.DecaySteps)}; betas "
            + $"{Real(train.Optimizer.Beta1)} and {Real(train.Optimizer.Beta2)}, weight decay {Real(train.Optimizer.WeightDecay)}, "
            + $"clipping at norm {Real(train.Optimizer.ClipNorm)}. Seed {train.Seed.ToString(CultureInfo.InvariantCulture)}.";
    }

    static TextTable Data(TrainManifest train, TrainedModel model)
    {
        TextTable table = new(
            TextTable.Left("data"), TextTable.Left("what"), TextTable.Right("share"), TextTable.Right("validation loss"),
            TextTable.Right("over tokens"));
        int shares = train.Data.Sum(data => data.Share);
        foreach (DataManifest data in train.Data)
        {
            ValidationRow? last = model.Validation.LastOrDefault(row => row.Data == data.Name);
            string what = data.File is { } file ? $"file {Path.GetFileName(file)}"
                : $"{data.Task!.Name} {string.Join(", ", data.Difficulties)}, {data.Prompt}";
            table.Add(
                data.Name, what, $"{NumberText.Fixed(100.0 * data.Share / shares, 1)} %",
                last is null ? "" : NumberText.Fixed(last.Loss), last is null ? "" : Number(last.LossTokens));
        }
        return table;
    }

    static string Real(double value) => value.ToString(CultureInfo.InvariantCulture);

    static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
