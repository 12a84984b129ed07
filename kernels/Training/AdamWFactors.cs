using Harness.Kernels.ExactMath;

namespace Harness.Kernels.Training;

/// <summary>What is the same for all weights of a step of <see cref="AdamW"/>: computed in float64 and rounded once.</summary>
readonly record struct AdamWFactors
{
    /// <param name="settings">Of the run.</param>
    /// <param name="step">1-based.</param>
    /// <param name="learningRate">Of the step.</param>
    /// <param name="gradientNorm">Of all gradients together.</param>
    public AdamWFactors(AdamWSettings settings, long step, double learningRate, float gradientNorm)
    {
        Clip = gradientNorm > settings.ClipNorm ? (float)(settings.ClipNorm / gradientNorm) : 1f;
        Beta1Rest = (float)(1 - settings.Beta1);
        Beta2 = (float)settings.Beta2;
        Beta2Rest = (float)(1 - settings.Beta2);
        SecondCorrection = (float)Math.Sqrt(1 - ExactDouble.Pow(settings.Beta2, step));
        Epsilon = (float)settings.Epsilon;
        NegativeRate = (float)-(learningRate / (1 - ExactDouble.Pow(settings.Beta1, step)));
        Decay = (float)(1 - (learningRate * settings.WeightDecay));
    }

    /// <summary>What gradients are multiplied by.</summary>
    public float Clip { get; }

    /// <summary>1 - beta1.</summary>
    public float Beta1Rest { get; }

    public float Beta2 { get; }

    /// <summary>1 - beta2.</summary>
    public float Beta2Rest { get; }

    /// <summary>sqrt(1 - beta2^t).</summary>
    public float SecondCorrection { get; }

    public float Epsilon { get; }

    /// <summary>-rate / (1 - beta1^t).</summary>
    public float NegativeRate { get; }

    /// <summary>What a weight that decays is multiplied by.</summary>
    public float Decay { get; }
}
