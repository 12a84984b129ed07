using Harness.Diagnostics;
using Harness.Records;
using Harness.Registry;
using Harness.Statistics.Laws;

namespace Harness.Manifests;

/// <summary>Types the laws that a manifest fits to the losses of its models.</summary>
sealed class LawReader(
    RawManifest raw, ManifestPlaces places, Mistakes mistakes, IReadOnlyList<TrainManifest> trains,
    IReadOnlyList<EvaluationManifest> evaluations)
{
    /// <summary>What a model's training came to.</summary>
    static readonly string[] ofTraining = ["parameters", "tokens", "flops", "compute"];

    /// <summary>Those of models: a law of samples alone is a strategy's.</summary>
    static readonly ILaw[] laws =
    [
        .. LawRegistry.All.Where(law => law.Output is "loss" or "coverage" && law.Inputs.Any(input => ofTraining.Contains(input))
            && law.Inputs.All(input => input == "k" || ofTraining.Contains(input))),
    ];

    readonly bool isOverridden = raw.Overrides.Count > 0;

    /// <summary>Whether names of models and data can be judged: what is wrong with those is said already.</summary>
    readonly bool areNamesSure = mistakes.Count == 0;

    public IReadOnlyList<LawManifest> Read()
    {
        LawManifest[] read = [.. raw.Laws.Select(Read).OfType<LawManifest>()];
        mistakes.AddDuplicates(
            from law in read
            from size in law.Sizes
            from of in law.IsOfCoverage ? law.Evaluations : law.Data
            select ((string?)$"{law.Law.Name}, {LawAttributes.NameOf(size)}, {of}", law.Place), "the manifest has twice law");
        return read;
    }

    LawManifest? Read(IReadOnlyDictionary<string, string> values, int index)
    {
        string include = values.GetValueOrDefault(LawAttributes.Name.Name, "");
        AttributeReader law = new(new ValueReader(values, name => places.Attribute(AttributeTable.LawItem, include, index, name),
            $" of law '{include}'"), mistakes);
        law.Allow(AttributeTable.OfLaws, Codes.UnknownMetadata, $"attribute of {AttributeTable.LawItem}");
        ILaw? named = law.Read(() => law.Values.Known(LawAttributes.Name.Name, laws, known => known.Name, Codes.BadValue,
            "law of models"), null!);
        (IReadOnlyList<string> models, IReadOnlyList<string> heldOut) = (law.Read(LawAttributes.Models), law.Read(LawAttributes.HeldOut));
        IReadOnlyList<string> sizes = law.Read(LawAttributes.Size), data = law.Read(LawAttributes.Data),
            asked = law.Read(LawAttributes.Evaluation);
        if (law.IsWrong || !areNamesSure || places.IsRewritten(AttributeTable.LawItem, index))
            return null;
        if (trains.Count == 0)
        {
            mistakes.Add(law.Values.Complaint(Codes.MissingValue, LawAttributes.Name.Name,
                $"law '{include}' is fitted to no model: the manifest has no Train (a strategy's laws are its Laws)"));
            return null;
        }
        return law.Read<LawManifest?>(() =>
        {
            ModelNames.Require(law.Values, LawAttributes.Size.Name, sizes, LawAttributes.SizeNames, "a size");
            string[] stated = heldOut.Count == 0 ? []
                : ModelNames.Of(trains, law.Values, LawAttributes.HeldOut.Name, heldOut, isOverridden);
            string[] all = [.. ModelNames.Of(trains, law.Values, LawAttributes.Models.Name, models, isOverridden), .. stated];
            TrainManifest[] fitted = [.. trains.Where(train => all.Contains(train.Name) && !stated.Contains(train.Name))];
            if (fitted.Length == 0 && isOverridden)
                return null;
            if (fitted.Length == 0)
                throw law.Values.Complaint(
                    Codes.BadValue, LawAttributes.HeldOut.Name, $"law '{include}' is fitted to no model: all are held out");
            bool isOfCoverage = named.Output == "coverage";
            AttributeDefinition foreign = isOfCoverage ? LawAttributes.Data : LawAttributes.Evaluation;
            if (law.Values.Text(foreign.Name) is not null)
                throw law.Values.Complaint(Codes.BadValue, foreign.Name,
                    $"law '{include}' predicts {(isOfCoverage ? "coverage, not a loss" : "a loss, not coverage")}: leave {foreign.Name} "
                    + "out");
            TrainManifest[] used = [.. trains.Where(train => all.Contains(train.Name))];
            if (!isOfCoverage && used.FirstOrDefault(train => IsOther(train, used[0])) is { } other)
            {
                throw law.Values.Complaint(Codes.BadValue, LawAttributes.Models.Name,
                    $"a law of losses needs models of one kind of loss on the same data: '{other.Name}' "
                    + (other.IsLooped != used[0].IsLooped ? "passes its layers otherwise than" : "learns otherwise than")
                    + $" '{used[0].Name}'; name those of the law with Models");
            }
            if (!isOfCoverage && used[0].IsLooped)
                throw law.Values.Complaint(Codes.BadValue, LawAttributes.Models.Name,
                    $"model '{used[0].Name}' is looped: its operations are not those of its parameters and tokens, as law '{include}' has "
                    + "them");
            return new LawManifest
            {
                Law = named,
                Models = [.. fitted.Select(train => train.Name)],
                HeldOut = [.. trains.Select(train => train.Name).Where(stated.Contains)],
                Sizes = [.. sizes.Select(LawAttributes.SizeOf).Distinct()],
                Data = isOfCoverage ? [] : DataOf(law.Values, data, used),
                Evaluations = isOfCoverage ? EvaluationsOf(law.Values, asked, used) : [],
                Place = places.Attribute(AttributeTable.LawItem, include, index, LawAttributes.Name.Name),
            };
        }, null);
    }

    static bool IsOther(TrainManifest train, TrainManifest first) => train.Loss != first.Loss || train.IsLooped != first.IsLooped
        || train.ValidationTokens != first.ValidationTokens || !train.Data.SequenceEqual(first.Data);

    static string[] DataOf(ValueReader values, IReadOnlyList<string> names, TrainManifest[] models)
    {
        ModelNames.Require(values, LawAttributes.Data.Name, names,
            [
                EntropyRow.AllData,
                .. models[0].Data.Select(data => data.Name)
                    .Where(name => models.All(model => model.Data.Any(data => data.Name == name))),
            ], "data that all models of the law learn from");
        return names.Count == 0 ? [EntropyRow.AllData] : [.. names.Distinct()];
    }

    string[] EvaluationsOf(ValueReader values, IReadOnlyList<string> names, TrainManifest[] models)
    {
        string[] known = [.. evaluations.Where(evaluation => models.All(model => evaluation.Models.Contains(model.Name)))
            .Select(evaluation => evaluation.Name)];
        ModelNames.Require(values, LawAttributes.Evaluation.Name, names, known, "an evaluation that asks all models of the law");
        return names.Count > 0 ? [.. names.Distinct()] : known.Length > 0 ? known
            : throw values.Complaint(Codes.MissingValue, LawAttributes.Evaluation.Name, "no Evaluation asks all models of the law");
    }
}
