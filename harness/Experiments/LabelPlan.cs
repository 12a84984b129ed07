using Harness.Engines;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Kernels.Sampling;
using Harness.Manifests;
using Harness.Pools;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Training;
using Harness.Verifiers;

namespace Harness.Experiments;

/// <summary>What labels of a model's answers would take, before any is drawn: answers are taken to be as long as solutions.</summary>
static class LabelPlan
{
    /// <summary>Solutions of each difficulty that are looked at.</summary>
    const int Solutions = 200;

    public static PlannedLabels Of(ResolvedExperiment experiment)
    {
        PlannedLabels sum = new(0, 0, 0, 0);
        if (!experiment.Manifest.LabelsAnswers)
            return sum;
        ModelConfig shape = ShapeOf(experiment);
        foreach (LabelledExamples source in
            experiment.LearnedFrom.SelectMany(learned => learned.Labelled).DistinctBy(each => each.Data.Name))
        {
            PlannedLabels own = Of(source, shape, experiment.Manifest.Seed);
            sum = new PlannedLabels(
                sum.Samples + own.Samples, sum.Completions + own.Completions, sum.Tokens + own.Tokens, sum.Flops + own.Flops);
        }
        return sum;
    }

    /// <summary>The answers to what is judged, and each model's reading of them.</summary>
    public static PlannedEvaluations Of(ResolvedExperiment experiment, EvaluationManifest evaluation)
    {
        ModelConfig shape = ShapeOf(experiment);
        (PromptTemplate prompt, ITask task) = experiment.Evaluations[evaluation.Name];
        (int[] prompts, int most) = evaluation.Place.Of(() => PlannedPool.Lengths(
            evaluation.Pool, task, prompt, GeneratedWords.Vocabulary.Tokenizer.EncodePrompt, shape.ContextLength),
            $"evaluation '{evaluation.Name}': ");
        ModelConfig[] judges =
            [.. experiment.Manifest.Trains.Where(train => evaluation.Models.Contains(train.Name)).Select(train => train.Shape)];
        double flops = prompts.Sum(length => ModelFlops.Prompt(shape, length)
            + (double)evaluation.Pool.Samples * ModelFlops.Generation(shape, length, most)
            + judges.Sum(judge => ModelFlops.Reading(judge, 0, length, 0)
                + (double)evaluation.Pool.Samples * ModelFlops.Reading(judge, length, most, most)));
        long samples = (long)prompts.Length * evaluation.Pool.Samples;
        return new PlannedEvaluations(samples, samples * most, flops);
    }

    static PlannedLabels Of(LabelledExamples source, ModelConfig shape, ulong seed)
    {
        LabellingManifest labelling = source.Data.Labelling!;
        long samples = new[] { ProblemSplit.Train, ProblemSplit.Validation }
            .Sum(split => (long)AnswerLabelling.PoolOf(source.Data, split).Problems) * labelling.Pool.Samples;
        (double steps, double tokens, double flops) = (0, 0, 0);
        foreach (int difficulty in source.Data.Difficulties)
        {
            for (int number = 0; number < Solutions; number++)
            {
                ProblemRandom stream = new(seed, number, difficulty, RandomPurpose.EntropyProblem);
                (double Steps, double Tokens, double Flops) one =
                    Of(source, shape, source.Solved(stream, difficulty), labelling.Rollouts);
                (steps, tokens, flops) = (steps + one.Steps, tokens + one.Tokens, flops + one.Flops);
            }
        }
        double each = (double)samples / (Solutions * source.Data.Difficulties.Count);
        return new PlannedLabels(samples, (long)(each * steps * labelling.Rollouts), each * tokens, each * flops);
    }

    static ModelConfig ShapeOf(ResolvedExperiment experiment)
    {
        using IEngineModel model = experiment.Manifest.Engine.Open(experiment.Model.Opens);
        return model.Shape!;
    }

    /// <summary>Of a solved problem as an answer that is labelled: steps that are completed, tokens, and operations.</summary>
    /// <param name="rollouts">Completions from each step's end; 0 where answers are judged whole.</param>
    static (double Steps, double Tokens, double Flops) Of(LabelledExamples source, ModelConfig shape, Example solved, int rollouts)
    {
        int prompt = solved.PromptTokens, length = solved.Tokens.Length;
        int[] ends = rollouts == 0 ? [] :
            [.. RewardReader.PlacesOf(new JudgedText(solved.Tokens[..prompt], solved.Tokens[prompt..]), source.StepEnd).SkipLast(1)];
        double tokens = length - prompt, flops = ModelFlops.Generation(shape, prompt, length - prompt)
            + ((double)ModelFlops.Prompt(shape, prompt) / source.Data.Labelling!.Pool.Samples);
        foreach (int end in ends)
        {
            tokens += (double)rollouts * (length - end - 1);
            flops += ModelFlops.Prompt(shape, end + 1) + (double)rollouts * ModelFlops.Generation(shape, end + 1, length - end - 1);
        }
        return (ends.Length, tokens, flops);
    }
}
