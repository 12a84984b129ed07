using Harness.Diagnostics;
using Harness.Records;
using Harness.Registry;

namespace Harness.Manifests;

/// <summary>Types what the models that a manifest trains are asked.</summary>
sealed class EvaluationReader(
    RawManifest raw, Registered registered, ManifestPlaces places, Mistakes mistakes, IReadOnlyList<TrainManifest> trains)
{
    /// <summary>Whether names of models can be judged: what is wrong with those is said already.</summary>
    readonly bool areNamesSure = mistakes.Count == 0;

    public IReadOnlyList<EvaluationManifest> Read()
    {
        EvaluationManifest[] read = [.. raw.Evaluations.Select(Read).OfType<EvaluationManifest>()];
        mistakes.AddDuplicates(read.Select(evaluation => ((string?)evaluation.Name, evaluation.Place)), "two evaluations are named");
        return read;
    }

    EvaluationManifest? Read(IReadOnlyDictionary<string, string> values, int index)
    {
        (PoolManifest pool, AttributeReader read) =
            new PoolReader(registered, places, mistakes, AttributeTable.EvaluationItem, "evaluation").Read(values, index);
        IReadOnlyList<string> models = read.Read(EvaluationAttributes.Models);
        IReadOnlyList<int> loops = read.Read(EvaluationAttributes.Loops);
        if (read.IsWrong || !areNamesSure || places.IsRewritten(AttributeTable.EvaluationItem, index))
            return null;
        return read.Read<EvaluationManifest?>(() =>
        {
            if (trains.Count == 0)
                throw read.Values.Complaint(Codes.MissingValue, PoolAttributes.Name.Name,
                    $"evaluation '{pool.Name}' asks no model: the manifest has no Train");
            if (pool.Name == EntropyRow.AllData)
                throw read.Values.Complaint(Codes.BadValue, PoolAttributes.Name.Name, $"'{pool.Name}' can't be a name: it stands for all");
            if (pool.Task.Solved is null)
                throw read.Values.Complaint(Codes.UnknownTask, PoolAttributes.Task.Name,
                    $"'{pool.Task.Name}' is not a task that makes its problems: of others the models know no words; expected one of "
                    + string.Join(", ", registered.Tasks.Where(task => task.Solved is not null).Select(task => task.Name)));
            string[] asked = ModelNames.Of(
                trains, read.Values, EvaluationAttributes.Models.Name, models, raw.Overrides.Count > 0);
            TrainManifest[] judging = [.. trains.Where(train => asked.Contains(train.Name) && train.Judges is not null)];
            if (judging.Length > 0 && judging.Length < asked.Length)
                throw read.Values.Complaint(Codes.BadValue, EvaluationAttributes.Models.Name,
                    $"evaluation '{pool.Name}' is of '{judging[0].Name}', which judges answers, and of models that give them: name either "
                    + "kind with Models");
            if (loops.Count > 0 && trains.FirstOrDefault(train => asked.Contains(train.Name) && !train.IsLooped) is { } once)
                throw read.Values.Complaint(Codes.BadValue, EvaluationAttributes.Loops.Name,
                    $"Loops are stated, and model '{once.Name}' passes its layers once: leave Loops out, or name looped models");
            if (loops.Any(passes => passes > TrainAttributes.MostLoops))
                throw read.Values.Complaint(Codes.BadValue, EvaluationAttributes.Loops.Name,
                    $"Loops are at most {TrainAttributes.MostLoops}");
            return new EvaluationManifest
            {
                Pool = pool with { Samples = Math.Max(1, pool.Samples) },
                Models = asked,
                Loops = loops,
                IsJudged = judging.Length > 0,
                Place = places.Attribute(AttributeTable.EvaluationItem, pool.Name, index, PoolAttributes.Name.Name),
            };
        }, null);
    }
}
