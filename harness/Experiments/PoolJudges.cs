using Harness.Diagnostics;
using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Manifests;
using Harness.Pools;
using Harness.Records;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>What judges an experiment's samples: verifiers that read texts, and the reward models that strategies name.</summary>
sealed class PoolJudges : IDisposable
{
    readonly Manifest manifest;
    readonly Dictionary<RewardModel, (IEngineModel Model, string Place)> opened = [];

    /// <exception cref="HarnessException">
    /// <see cref="Codes.NoRewardModel"/>: a reward model reads another vocabulary than the Model.
    /// </exception>
    public PoolJudges(ResolvedExperiment experiment, IEngineModel answering)
    {
        manifest = experiment.Manifest;
        try
        {
            foreach (RewardModel judge in manifest.RewardModels)
            {
                string place = experiment.PlaceOf(judge.Path);
                IEngineModel model = manifest.Engine.Open(place);
                opened.Add(judge, (model, place));
                RequireSameWords(judge, model, answering);
                RequireVerdict(RewardForm.Read(place), model, place);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>By their folders' names.</summary>
    public IReadOnlyDictionary<string, ModelConfig> Shapes => opened.ToDictionary(
        judge => judge.Key.Folder, judge => judge.Value.Model.Shape!, StringComparer.Ordinal);

    /// <summary>Rows of rewards.csv of a pool's samples, in its order.</summary>
    /// <param name="samples">By problem and sample.</param>
    public IReadOnlyList<RewardRow> Judge(PlannedPool pool, IReadOnlyList<LoggedGeneration> samples)
    {
        RewardRow[] rows =
        [
            .. samples.SelectMany(sample => PoolGeneration.Rewards(pool, sample)),
            .. manifest.RewardModelsOf(pool.Manifest).SelectMany(judge => Judge(pool, samples, judge)),
        ];
        return [.. rows.OrderBy(row => row.Problem).ThenBy(row => row.Sample).ThenBy(row => row.Verifier, StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        foreach ((IEngineModel model, _) in opened.Values)
            model.Dispose();
    }

    RewardRow[] Judge(PlannedPool pool, IReadOnlyList<LoggedGeneration> samples, RewardModel judge)
    {
        (IEngineModel model, string place) = opened[judge];
        using RewardReader reader = new(model, place, manifest.Placement);
        return PoolRewards.Of(pool, samples, judge.Folder, reader);
    }

    /// <summary>Said before anything is generated.</summary>
    static void RequireVerdict(RewardForm form, IEngineModel model, string place)
    {
        string[] words = [.. Enumerable.Range(0, model.Shape!.Vocabulary).Select(model.Text!.Written)];
        if (form.Words.FirstOrDefault(word => !words.Contains(word)) is { } unknown)
            throw Codes.NoRewardModel.With(
                $"its {RewardForm.FileName} names '{unknown}', which is not one token of its tokenizer", place);
    }

    void RequireSameWords(RewardModel judge, IEngineModel model, IEngineModel answering)
    {
        bool isSame = model.Text is { } own && answering.Text is { } other && model.Shape is { } shape
            && answering.Shape is { } asked && shape.Vocabulary == asked.Vocabulary
            && Enumerable.Range(0, shape.Vocabulary).All(token => own.Written(token) == other.Written(token));
        if (isSame)
            return;
        SourcePlace at = manifest.Strategies.First(strategy => strategy.Verifier is RewardModel named && named.Path == judge.Path).Place;
        throw Codes.NoRewardModel.With(
            $"verifier '{judge.Path}' reads another vocabulary than that of the Model, '{manifest.Model}'", at.File, at.Line, at.Column);
    }
}
