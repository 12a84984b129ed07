using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;
using Harness.Statistics;

namespace Harness.Engines.Simulated;

/// <summary>The samples of a simulated model: each a function of (seed, problem, sample), of exact arithmetic alone.</summary>
public sealed class SimulatedDraws(SimulatedSettings settings, ulong seed)
{
    readonly double[] wrongShares = settings.WrongShares();
    readonly Dictionary<int, double> rates = [];

    /// <summary>The chance of a right sample of this problem.</summary>
    public double Rate(int problem)
    {
        lock (rates)
        {
            if (!rates.TryGetValue(problem, out double rate))
                rates.Add(problem, rate = DrawRate(problem));
            return rate;
        }
    }

    public SimulatedSample Sample(int problem, int sample)
    {
        (uint x0, uint x1, uint x2, uint x3) = Philox.Block(seed, (uint)problem, (uint)sample, 0, RandomPurpose.SimulatedSample);
        bool isShared = Uniform(x0) < settings.Correlation;
        bool isRight = (isShared ? Shared(problem) : Uniform(x1)) < Rate(problem);
        double reward = isRight ? ExactDouble.Pow(Uniform(x3), 1 / settings.Quality) : Uniform(x3);
        return new SimulatedSample(isRight ? 0 : WrongAnswer(Uniform(x2)), reward);
    }

    /// <summary>The most probable answer: at temperature 0.</summary>
    public SimulatedSample Greedy(int problem)
    {
        int common = Array.IndexOf(wrongShares, wrongShares.Max());
        bool isRight = Rate(problem) > (1 - Rate(problem)) * wrongShares[common];
        return new SimulatedSample(isRight ? 0 : common + 1, 0.5);
    }

    int? WrongAnswer(double draw)
    {
        for (int answer = 0; answer < wrongShares.Length; answer++)
        {
            if ((draw -= wrongShares[answer]) < 0)
                return answer + 1;
        }
        return settings.Silent > 0 ? null : wrongShares.Length;
    }

    double DrawRate(int problem)
    {
        (uint x0, uint x1, _, _) = Philox.Block(seed, (uint)problem, 0, 0, RandomPurpose.SimulatedRate);
        return Uniform(x0) < settings.Zero ? 0 : BetaDistribution.Quantile(Uniform(x1), settings.Alpha, settings.Beta);
    }

    double Shared(int problem) => Uniform(Philox.Block(seed, (uint)problem, 0, 0, RandomPurpose.SimulatedRate).X2);

    /// <summary>In (0, 1), never an end.</summary>
    static double Uniform(uint word) => (word + 0.5) / 4294967296.0;
}
