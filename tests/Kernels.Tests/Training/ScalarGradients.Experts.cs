using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;

namespace Kernels.Tests.Training;

/// <remarks>
/// Of experts: a token's own in ascending order; sums over an expert's own tokens of the whole batch, groups or not, in blocks of 64 of
/// them.
/// </remarks>
sealed partial class ScalarGradients
{
    float[] Mixture(ScalarLayer own, ExpertShape shape, Func<string, string> name)
    {
        own.RouterLogits = Linear(own.MiddleNormed, name(TensorNames.Router), shape.Count);
        int[] chosen = [.. Enumerable.Range(0, shape.Count).OrderByDescending(expert => own.RouterLogits[expert]).ThenBy(expert => expert)
            .Take(shape.Active).Order()];
        float[] weights = Weights(own.RouterLogits);
        float sum = SumOf(weights, shape.Normalised ? chosen : [.. Enumerable.Range(0, shape.Count)]);
        own.Experts = [.. chosen.Select(expert =>
        {
            string Name(string part) => name(TensorNames.OfExpert(expert, part));
            float[] gate = Linear(own.MiddleNormed, Name("gate"), config.FeedForward);
            float[] up = Linear(own.MiddleNormed, Name("up"), config.FeedForward);
            return new ScalarExpert(expert, weights[expert] / sum, gate, up, [.. gate.Zip(up, (g, u) => ExactSingle.Silu(g) * u)]);
        })];
        float[] mixed = new float[config.Width];
        foreach (ScalarExpert passed in own.Experts)
        {
            float[] output = Linear(passed.Activated, name(TensorNames.OfExpert(passed.Expert, "down")), config.Width);
            mixed = [.. mixed.Select((value, i) => MathF.FusedMultiplyAdd(passed.Factor, output[i], value))];
        }
        return mixed;
    }

    /// <summary>Gradients of a sequence's balance over each token's probabilities.</summary>
    float[] BalanceGradients(ScalarLayer[] rows, ExpertShape shape) => [.. Enumerable.Range(0, shape.Count).Select(expert =>
    {
        int chosen = rows.Count(row => row.Experts.Any(passed => passed.Expert == expert));
        return (float)(balanceLoss * shape.Count * chosen / ((double)shape.Active * rows.Length * tokens));
    })];

    float[] MixtureBackward(ScalarLayer own, ExpertShape shape, float[] balance, Func<string, string> name)
    {
        float[] normed = new float[config.Width], factorGradients = new float[shape.Count];
        foreach (ScalarExpert passed in own.Experts)
        {
            string Name(string part) => name(TensorNames.OfExpert(passed.Expert, part));
            float[] z = LinearBackward(own.OutputGradient, Name("down"), config.FeedForward);
            factorGradients[passed.Expert] = Lanes(z, passed.Activated);
            passed.Scaled = [.. passed.Activated.Select(value => value * passed.Factor)];
            (passed.GateGradient, passed.UpGradient) =
                SwiGluBackward(passed.Gate, passed.Up, [.. z.Select(value => value * passed.Factor)]);
            float[] part = LinearBackward(
                [.. passed.GateGradient, .. passed.UpGradient], [.. weights[Name("gate")], .. weights[Name("up")]], config.Width);
            normed = Sum(normed, part);
        }
        own.RouterGradients = RouterBackward(own, shape, factorGradients, balance);
        float[] router = weights[name(TensorNames.Router)];
        return [.. normed.Select((value, i) =>
            Chain(shape.Count, expert => own.RouterGradients[expert], expert => router[(expert * config.Width) + i], value))];
    }

    static float[] RouterBackward(ScalarLayer own, ExpertShape shape, float[] factorGradients, float[] balance)
    {
        float[] weights = Weights(own.RouterLogits);
        float all = SumOf(weights, [.. Enumerable.Range(0, shape.Count)]);
        float[] p = [.. weights.Select(weight => weight / all)];
        float[] q = shape.Normalised ? new float[shape.Count] : p;
        foreach (ScalarExpert passed in own.Experts)
            q[passed.Expert] = passed.Factor;
        float dot = Lanes(q, factorGradients), mean = Lanes(p, balance);
        return [.. p.Select((probability, expert) =>
            MathF.FusedMultiplyAdd(probability, balance[expert] - mean, q[expert] * (factorGradients[expert] - dot)))];
    }

    void SumExperts()
    {
        foreach (NeededTensor tensor in TensorLayout.Of(config).Where(tensor => tensor.Expert >= 0))
        {
            (ScalarLayer Layer, ScalarExpert Expert)[] own = [.. all.Select(row => row.Layers[tensor.Layer])
                .SelectMany(layer => layer.Experts.Where(passed => passed.Expert == tensor.Expert).Select(passed => (layer, passed)))];
            float[] gradient = Gradients[tensor.Name];
            for (int i = 0; i < gradient.Length; i++)
            {
                (int output, int input) = (i / tensor.Columns, i % tensor.Columns);
                gradient[i] = tensor.Part switch
                {
                    "gate" => Chain(own.Length, t => own[t].Expert.GateGradient[output], t => own[t].Layer.MiddleNormed[input]),
                    "up" => Chain(own.Length, t => own[t].Expert.UpGradient[output], t => own[t].Layer.MiddleNormed[input]),
                    _ => Chain(own.Length, t => own[t].Layer.OutputGradient[output], t => own[t].Expert.Scaled[input]),
                };
            }
        }
    }

    static float[] Weights(float[] logits) => [.. logits.Select(logit => ExactSingle.Exp(logit - logits.Max()))];

    /// <summary>Of some of the values, the others 0, by 32 lanes and a tree.</summary>
    static float SumOf(float[] values, int[] counted)
    {
        float[] lanes = new float[32];
        for (int i = 0; i < values.Length; i++)
            lanes[i % 32] += counted.Contains(i) ? values[i] : 0f;
        return Cpu.SummingOrder.Tree(lanes);
    }
}
