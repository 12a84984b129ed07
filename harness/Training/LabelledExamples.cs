using Harness.Diagnostics;
using Harness.Manifests;
using Harness.Tasks;
using Harness.Tasks.Prompts;
using Harness.Verifiers;

namespace Harness.Training;

/// <summary>
/// Answers of a model that are judged: passed over in an order that is shuffled anew each time. They are there once they are drawn and
/// labelled; until then solved problems of the task stand for them in plans.
/// </summary>
public sealed class LabelledExamples : IExampleSource
{
    /// <summary>A power of two, so that shares of completions are chances without rounding.</summary>
    const int Chances = 1 << 24;

    readonly ExampleText text;
    readonly ShuffledPasses passes;
    readonly (int Right, int Wrong)? verdict;
    readonly Dictionary<ProblemSplit, IReadOnlyList<LabelledAnswer>> answers = [];

    /// <param name="data">With labels.</param>
    /// <param name="text">As of other data.</param>
    /// <param name="template">That asks.</param>
    /// <param name="seed">Of the order.</param>
    /// <param name="place">Of the data in the manifest.</param>
    internal LabelledExamples(DataManifest data, ExampleText text, PromptTemplate template, ulong seed, int place)
    {
        (Data, this.text, Prompt, passes) = (data, text, template, new ShuffledPasses(seed, place));
        RewardForm form = data.Labelling!.Form;
        verdict = form.Verdict is { } words ? (text.Encode(words.Right)[0], text.Encode(words.Wrong)[0]) : null;
        StepEnd = form.StepEnd is { } word ? text.Encode(word)[0] : -1;
    }

    public DataManifest Data { get; }

    /// <summary>The template that asks.</summary>
    public PromptTemplate Prompt { get; }

    /// <summary>The token that ends a step; -1 where answers are judged whole.</summary>
    public int StepEnd { get; }

    /// <summary>Of what the answers depend on beside the manifest and its Model.</summary>
    public string ContentHash => Prompt.ContentHash;

    /// <summary>Takes the answers of a split.</summary>
    /// <exception cref="Kernels.Diagnostics.HarnessException"><see cref="Codes.TrainingUnable"/>: all of them are of one label.</exception>
    public void Fill(ProblemSplit split, IReadOnlyList<LabelledAnswer> labelled)
    {
        double[] goodness = [.. labelled.SelectMany(answer => answer.Goodness).Distinct().Take(2)];
        if (goodness.Length < 2)
            throw Codes.TrainingUnable.With($"all answers of data '{Data.Name}' have one label: there is nothing to tell apart; change "
                + "Difficulty, or raise Problems");
        answers[split] = labelled;
    }

    /// <summary>A solved problem in place of an answer, to plan with.</summary>
    public Example Solved(ProblemRandom stream, int difficulty)
    {
        SolvedProblem drawn = Data.Task!.Solved!.Draw(stream, difficulty, ProblemSplit.Train, Data.Prompt);
        return text.Pair(Prompt.Fill(drawn.Question), drawn.Solution, drawn.Identity);
    }

    /// <summary>
    /// With a verdict in the place after each that is judged, or on each step's own last token; a goodness between 0 and 1 is the chance of
    /// the good one.
    /// </summary>
    public Example Draw(ProblemRandom stream, long number, ProblemSplit split)
    {
        if (!answers.TryGetValue(split, out IReadOnlyList<LabelledAnswer>? texts))
            throw new InvalidOperationException($"data '{Data.Name}' is not labelled yet");
        LabelledAnswer answer = texts[passes.Next(texts.Count, number, split)];
        Example example = text.Judged(answer);
        bool[] good = [.. answer.Goodness.Select(goodness => stream.Below(Chances) < goodness * Chances)];
        if (verdict is null)
            return OnTokens(example, answer, good);
        foreach ((int place, bool isGood) in answer.Places.Zip(good))
            example.Verdicts![answer.Prompt.Length + place + 1] = isGood ? verdict.Value.Right : verdict.Value.Wrong;
        return example;
    }

    static Example OnTokens(Example example, LabelledAnswer answer, bool[] good)
    {
        bool[] unlikely = new bool[example.Tokens.Length];
        foreach ((int token, bool isGood) in RewardReader.OwnTokens(answer.Places, 0).Zip(good))
        {
            int place = answer.Prompt.Length + token;
            example.Verdicts![place] = example.Tokens[place];
            unlikely[place] = !isGood;
        }
        return example with { Unlikely = unlikely };
    }
}
