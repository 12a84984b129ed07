using Harness.Diagnostics;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;
using Harness.Records;
using Harness.Registry;

namespace Harness.Manifests;

/// <summary>Types the models that a manifest trains, and what they learn from.</summary>
sealed class TrainingReader(RawManifest raw, Registered registered, ManifestPlaces places, Mistakes mistakes, ulong seed)
{
    /// <summary>Names of what else lies beside the manifest.</summary>
    static readonly string[] Taken =
    [
        "machines", "README.md", RunJson.FileName, TrainingTable.Csv.FileName, ValidationTable.Csv.FileName, "training.svg", "obj", "bin",
        ModelLawTable.Csv.FileName, LossPointTable.Csv.FileName, EntropyTable.Csv.FileName, EvaluationTable.Csv.FileName,
        ModelAccuracyTable.Csv.FileName, "model-accuracy.svg", "model-accuracy-loops.svg", "laws-compute.svg", "laws-isoflop.svg",
        "laws-residuals.svg",
    ];

    public IReadOnlyList<TrainManifest> Read()
    {
        IReadOnlyList<DraftData> data = new DataReader(raw, registered, places, mistakes).Read();
        (TrainManifest Train, ValueReader Values, string Item)[] trains = [.. raw.Trains.SelectMany(ReadTrains)];
        mistakes.AddDuplicates(data.Select((item, index) => ((string?)item.Data.Name,
            places.Attribute(AttributeTable.DataItem, item.Data.Name, index, DataAttributes.Name.Name))), "two data are named");
        mistakes.AddDuplicates(trains.Select(item => ((string?)item.Train.Name, item.Train.Place)), "two models are named");
        string[] names = [.. trains.SelectMany(item => new[] { item.Item, item.Train.Name }).Distinct()];
        foreach ((DataManifest item, ValueReader values) in data)
        {
            if (item.For.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
                mistakes.Add(values.Complaint(Codes.BadValue, DataAttributes.For.Name, names.Length == 0
                    ? $"no Train is in the manifest for data '{item.Name}'"
                    : $"'{unknown}' is not a Train of this manifest{NearestName.Hint(unknown, names)}"));
        }
        if (trains.Length == 0 && data.Count > 0 && !mistakes.Has(Codes.UnknownItem))
            mistakes.Add(data[0].Values.Complaint(Codes.MissingValue, DataAttributes.Name.Name,
                $"data '{data[0].Data.Name}' is for no model: the manifest has no Train"));
        return [.. trains.Select(item => WithData(item.Train, item.Item, item.Values, [.. data.Select(one => one.Data)]))];
    }

    TrainManifest WithData(TrainManifest train, string item, ValueReader values, DataManifest[] data)
    {
        DataManifest[] own = [.. data.Where(each => each.For.Count == 0 || each.For.Contains(train.Name) || each.For.Contains(item))];
        if (own.Length == 0 && !mistakes.Has(Codes.UnknownItem))
            mistakes.Add(values.Complaint(Codes.MissingValue, TrainAttributes.Name.Name,
                $"model '{train.Name}' has nothing to learn from: no Data is for it"));
        if (own.DistinctBy(each => (each.Labelling?.Kind, each.Labelling?.IsOfTokens)).Count() > 1)
            mistakes.Add(values.Complaint(Codes.BadValue, TrainAttributes.Name.Name,
                $"model '{train.Name}' has data of different Labels or Verdict, and learns one thing: to write, to judge answers, or to "
                + "judge steps in one way"));
        else if (own.Any(each => each.Labelling is not null) && train.IsLooped)
            mistakes.Add(values.Complaint(Codes.BadValue, TrainAttributes.Loops.Name,
                $"model '{train.Name}' learns labels, and a reward model passes its layers once: leave Loops out"));
        return train with { Data = own };
    }

    /// <summary>Of several budgets, learning rates or seeds each is a model: NAME-1M, NAME-lr3e-3 or NAME-seed2 of NAME.</summary>
    IEnumerable<(TrainManifest, ValueReader, string)> ReadTrains(IReadOnlyDictionary<string, string> values, int index)
    {
        string name = values.GetValueOrDefault(TrainAttributes.Name.Name, "");
        IEnumerable<IReadOnlyDictionary<string, string>> each = [values];
        foreach ((string attribute, string mark) in TrainAttributes.Several)
        {
            string[] written = values.GetValueOrDefault(attribute, "")
                .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (written.Length > 1)
                each = each.SelectMany(model => written.Select(value => With(model, attribute, mark, value)));
        }
        return each.Select(one =>
        {
            (TrainManifest train, ValueReader read) = ReadTrain(one, index);
            return (train with { Item = name }, read, name);
        });
    }

    static Dictionary<string, string> With(IReadOnlyDictionary<string, string> model, string attribute, string mark, string value) =>
        new(model)
        {
            [TrainAttributes.Name.Name] =
                $"{model.GetValueOrDefault(TrainAttributes.Name.Name, "")}-{mark}{(value[0] == '.' ? "0" : "")}{value}",
            [attribute] = value,
        };

    (TrainManifest Train, ValueReader Values) ReadTrain(IReadOnlyDictionary<string, string> values, int index)
    {
        AttributeReader train =
            AttributeReader.Of(AttributeTable.TrainItem, values, index, AttributeTable.OfTrains, "model", places, mistakes);
        string? from = train.Read(TrainAttributes.From);
        ModelConfig shape = from is null ? train.Read(TrainAttributes.Shape) : TrainManifest.ShapeToCome;
        TrainManifest typed = new()
        {
            Name = train.Read(TrainAttributes.Name),
            Shape = shape,
            From = from,
            AddedLayers = train.Read(TrainAttributes.AddLayers),
            BalanceLoss = train.Read(TrainAttributes.BalanceLoss)
                ?? (from is null && shape?.Experts is null ? 0 : TrainAttributes.UsualBalanceLoss),
            Loops = train.Read(TrainAttributes.Loops),
            UnrolledAt = train.Read(TrainAttributes.UnrolledAt),
            Tokens = train.Read(TrainAttributes.Tokens),
            BatchTokens = (int)train.Read(TrainAttributes.BatchTokens),
            LearningRate = train.Read(TrainAttributes.LearningRate),
            Warmup = train.Read(TrainAttributes.Warmup),
            Decay = train.Read(TrainAttributes.Decay),
            Optimizer = new AdamWSettings
            {
                WeightDecay = train.Read(TrainAttributes.WeightDecay),
                Beta1 = train.Read(TrainAttributes.Beta1),
                Beta2 = train.Read(TrainAttributes.Beta2),
                ClipNorm = train.Read(TrainAttributes.ClipNorm),
            },
            Loss = train.Read(TrainAttributes.Loss),
            Seed = train.Read(TrainAttributes.Seed) ?? seed,
            ValidationTokens = (int)train.Read(TrainAttributes.ValidationTokens),
            LogEvery = train.Read(TrainAttributes.LogEvery),
            ValidateEvery = train.Read(TrainAttributes.ValidateEvery),
            IsCommitted = train.Read(TrainAttributes.Commit) ?? true,
            Place = places.Attribute(AttributeTable.TrainItem, values.GetValueOrDefault("Include", ""), index, TrainAttributes.Name.Name),
            Data = [],
        };
        if (!train.IsWrong)
            mistakes.Try(() => RequireSense(typed, train.Values), false);
        return (typed, train.Values);
    }

    static bool RequireSense(TrainManifest train, ValueReader values)
    {
        if (Taken.Contains(train.Name, StringComparer.OrdinalIgnoreCase))
            throw values.Complaint(Codes.BadValue, TrainAttributes.Name.Name,
                $"'{train.Name}' is the name of another result of an experiment; name the model otherwise");
        if (train.From is not null && values.Text(TrainAttributes.Shape.Name) is not null)
            throw values.Complaint(Codes.BadValue, TrainAttributes.Shape.Name,
                $"model '{train.Name}' goes on from another, whose shape it has: leave Shape out");
        if (train.From is null && train.AddedLayers > 0)
            throw values.Complaint(Codes.BadValue, TrainAttributes.AddLayers.Name,
                $"model '{train.Name}' begins with random weights: state AddLayers with From, or more layers in Shape");
        if (train.From is null && train.Shape.Experts is null
            && values.Text(TrainAttributes.BalanceLoss.Name) is not null)
            throw values.Complaint(Codes.BadValue, TrainAttributes.BalanceLoss.Name,
                $"model '{train.Name}' has no experts to balance: leave BalanceLoss out, or add experts and active to Shape");
        if (train.UnrolledAt > 0 && !train.IsLooped)
            throw values.Complaint(Codes.BadValue, TrainAttributes.UnrolledAt.Name,
                $"model '{train.Name}' passes its layers once: leave UnrolledAt out, or state Loops");
        if (train.Tokens < train.BatchTokens)
            throw values.Complaint(Codes.BadValue, TrainAttributes.Tokens.Name,
                $"{train.Tokens} Tokens hold no batch of {train.BatchTokens}: raise Tokens, or lower BatchTokens");
        if (train.From is null && train.ShortBatch is { } tooSmall)
            throw values.Complaint(Codes.BadValue, TrainAttributes.BatchTokens.Name, tooSmall);
        return true;
    }
}
