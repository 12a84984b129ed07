using Harness.Diagnostics;
using Harness.Engines;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace Harness.Verifiers;

/// <summary>An answer that a reward model is to judge.</summary>
/// <param name="Prompt">Token ids of what was asked; at least one.</param>
/// <param name="Answer">Of what was written, the end token included.</param>
public readonly record struct JudgedText(int[] Prompt, int[] Answer);

/// <summary>
/// A reward model, loaded: passes answers through it in the float32 that it was trained in, and reads the probability of its word for right
/// against its word for wrong at the last token, and of steps at each step's end; or the probability of each step's own last token.
/// </summary>
public sealed class RewardReader : IDisposable
{
    readonly ITextReader reader;
    readonly RewardForm form;
    readonly (int Right, int Wrong)? verdict;
    readonly int stepEnd;
    Sampler? sampler;

    /// <param name="model">Opened; the caller's.</param>
    /// <param name="folder">In which it lies.</param>
    /// <param name="placement">Where it runs.</param>
    /// <exception cref="HarnessException">
    /// <see cref="Codes.NoRewardModel"/>: it is none. The memory does not hold it.
    /// </exception>
    public RewardReader(IEngineModel model, string folder, Placement placement)
    {
        form = RewardForm.Read(folder);
        reader = (model as IReadsTexts ?? throw Codes.NoRewardModel.With("its engine reads no texts", folder))
            .CreateReader(Precision.F32, placement);
        try
        {
            verdict = form.Verdict is { } words ? (TokenOf(words.Right), TokenOf(words.Wrong)) : null;
            stepEnd = form.StepEnd is { } word ? TokenOf(word) : -1;
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        int TokenOf(string word) => reader.TokenOf(word) ?? throw Codes.NoRewardModel.With(
            $"its {RewardForm.FileName} names '{word}', which is not one token of its tokenizer", folder);
    }

    /// <summary>What it says of each answer; of one without tokens, which says nothing, the lowest there is.</summary>
    public SampleReward[] Read(IReadOnlyList<JudgedText> texts)
    {
        EvaluatedText[] asked = [.. texts.Select(text => new EvaluatedText([.. text.Prompt, .. text.Answer], PositionsOf(text)))];
        double[][] rewards = [.. asked.Select(text => new double[text.Positions.Length])];
        int[] read = new int[asked.Length];
        reader.Read(asked, (text, position, logits) =>
            rewards[text][read[text]++] = Reward(logits, asked[text].Tokens.ElementAtOrDefault(position + 1)));
        return [.. rewards.Select(places => places.Length == 0 ? new SampleReward(0) : SampleReward.Of(places, form.Kind))];
    }

    public void Dispose()
    {
        reader.Dispose();
        sampler?.Dispose();
    }

    /// <summary>Of two logits, the share of the first one's probability in both, rounded to float32.</summary>
    public static double Reward(float right, float wrong) => (float)(1 / (1 + ExactDouble.Exp((double)wrong - right)));

    /// <summary>
    /// Of steps that end at some places, the last tokens of their own: those before their ends, or the end itself where there is nothing
    /// before it.
    /// </summary>
    /// <param name="places">Ascending.</param>
    /// <param name="first">The answer's first token.</param>
    public static int[] OwnTokens(IReadOnlyList<int> places, int first) =>
        [.. places.Select((place, index) => place > (index == 0 ? first : places[index - 1] + 1) ? place - 1 : place)];

    /// <summary>The places of a prompt and its answer at which a judge is asked: of steps each one's end, and the last.</summary>
    /// <param name="text">Prompt and answer.</param>
    /// <param name="stepEnd">The token that ends a step; negative: answers are judged whole.</param>
    public static int[] PlacesOf(JudgedText text, int stepEnd) =>
    [
        .. text.Answer.Index().Where(token => token.Item == stepEnd || token.Index == text.Answer.Length - 1)
            .Select(token => text.Prompt.Length + token.Index),
    ];

    /// <summary>Where it is asked: after each place, or before each step's own last token.</summary>
    int[] PositionsOf(JudgedText text)
    {
        int[] places = PlacesOf(text, stepEnd);
        return verdict is not null ? places : [.. OwnTokens(places, text.Prompt.Length).Select(token => token - 1)];
    }

    double Reward(ReadOnlySpan<float> logits, int next)
    {
        if (verdict is { } words)
            return Reward(logits[words.Right], logits[words.Wrong]);
        sampler ??= new Sampler(logits.Length);
        return (float)ExactDouble.Exp(sampler.LogProbability(logits, next));
    }
}
