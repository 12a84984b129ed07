using Harness.Kernels.Configuration;
using Harness.Kernels.ExactMath;
using Harness.Kernels.RotaryEmbedding;
using Kernels.Tests.Cpu;
using Kernels.Tests.Linear;

namespace Kernels.Tests.RotaryEmbedding;

/// <summary>
/// Dimension i turns with i + half, by an angle rounded to float32; of each coordinate's two products the sine's is rounded, the cosine's
/// is fused.
/// </summary>
public sealed unsafe class RotaryOrderTests
{
    /// <summary>A vector of eight pairs, and a rest of two.</summary>
    const int Width = 20;
    const int Half = Width / 2;
    const int Position = 53;
    const double Theta = 10_000;

    [Test]
    public void The_sines_product_is_rounded_and_the_cosines_is_fused()
    {
        float[] head = LinearReference.Random(Width, 9);
        SummingOrder.IsTheOnlyOne(
            Turn(head, Frequency, Right),
            [("the kernel", Rotate(head))],
            [
                ("both products rounded", Turn(head, Frequency, (x, y, c, s) => ((x * c) - (y * s), (y * c) + (x * s)))),
                ("the cosine's product rounded", Turn(head, Frequency, (x, y, c, s) => (Fma(-y, s, x * c), Fma(x, s, y * c)))),
                ("turned the other way", Turn(head, Frequency, (x, y, c, s) => (Fma(x, c, y * s), Fma(y, c, -(x * s))))),
                ("neighbours as pairs", TurnNeighbours(head)),
                ("frequencies in float64", Turn(head, i => 1 / ExactDouble.Pow(Theta, 2.0 * i / Width), Right)),
                ("a power for each frequency", Turn(head, i => (float)ExactDouble.Pow(Theta, -2.0 * i / Width), Right)),
                ("angles in float64", Turn(head, Frequency, Right, inDouble: true)),
            ]);

        static (float X, float Y) Right(float x, float y, float c, float s) => (Fma(x, c, -(y * s)), Fma(y, c, x * s));
    }

    static float Fma(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    static double Frequency(int i) => 1f / (float)ExactDouble.Pow(Theta, 2.0 * i / Width);

    static float[] Turn(
        float[] head,
        Func<int, double> frequency,
        Func<float, float, float, float, (float X, float Y)> turn,
        bool inDouble = false)
    {
        float[] turned = [.. head];
        for (int i = 0; i < Half; i++)
        {
            double angle = Position * frequency(i);
            angle = inDouble ? angle : (float)angle;
            (turned[i], turned[i + Half]) = turn(head[i], head[i + Half], (float)ExactDouble.Cos(angle), (float)ExactDouble.Sin(angle));
        }
        return turned;
    }

    static float[] TurnNeighbours(float[] head)
    {
        int[] order = [.. Enumerable.Range(0, Width).Select(i => i < Half ? 2 * i : (2 * (i - Half)) + 1)];
        float[] turned = Turn([.. order.Select(i => head[i])], Frequency, (x, y, c, s) => (Fma(x, c, -(y * s)), Fma(y, c, x * s)));
        var back = new float[Width];
        for (int i = 0; i < Width; i++)
            back[order[i]] = turned[i];
        return back;
    }

    static float[] Rotate(float[] head)
    {
        ModelConfig config = RandomCheckpoint.Shape(headWidth: Width) with { RopeTheta = (float)Theta };
        using var table = new RotaryTable(config);
        table.Reserve(Position + 1);
        float[] turned = [.. head];
        fixed (float* start = turned)
            table.Rotate(start, Position);
        return turned;
    }
}
