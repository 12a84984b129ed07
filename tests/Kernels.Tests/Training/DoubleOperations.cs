namespace Kernels.Tests.Training;

/// <summary>Forward operations of a llama in float64, in plain loops: what finite differences are taken of.</summary>
static class DoubleOperations
{
    /// <summary>y[r, o] = sum over k of x[r, k] w[o, k].</summary>
    public static double[] Linear(double[] x, double[] w, int rows, int inputs, int outputs)
    {
        double[] y = new double[rows * outputs];
        for (int row = 0; row < rows; row++)
        {
            for (int output = 0; output < outputs; output++)
            {
                for (int k = 0; k < inputs; k++)
                    y[(row * outputs) + output] += x[(row * inputs) + k] * w[(output * inputs) + k];
            }
        }
        return y;
    }

    public static double[] RmsNorm(double[] x, double[] weight, double epsilon)
    {
        int width = weight.Length;
        double[] y = new double[x.Length];
        for (int row = 0; row < x.Length / width; row++)
        {
            double squares = 0;
            for (int i = 0; i < width; i++)
                squares += x[(row * width) + i] * x[(row * width) + i];
            double inverse = 1 / Math.Sqrt((squares / width) + epsilon);
            for (int i = 0; i < width; i++)
                y[(row * width) + i] = x[(row * width) + i] * inverse * weight[i];
        }
        return y;
    }

    public static double[] SwiGlu(double[] gate, double[] up) => [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];

    /// <summary>Turns the heads of one row; half-split.</summary>
    public static double[] Rotate(double[] heads, int headWidth, int position, double theta)
    {
        double[] turned = [.. heads];
        int half = headWidth / 2;
        for (int first = 0; first < heads.Length; first += headWidth)
        {
            for (int i = 0; i < half; i++)
            {
                float frequency = 1f / (float)Math.Pow(theta, 2.0 * i / headWidth);
                double cos = Math.Cos(position * frequency), sin = Math.Sin(position * frequency);
                (double x, double y) = (heads[first + i], heads[first + half + i]);
                turned[first + i] = (x * cos) - (y * sin);
                turned[first + half + i] = (y * cos) + (x * sin);
            }
        }
        return turned;
    }

    /// <summary>Causal attention of rows of queries, keys and values.</summary>
    public static double[] Attention(double[] qkv, int rows, int heads, int kvHeads, int width)
    {
        int step = (heads + (2 * kvHeads)) * width;
        double[] mixed = new double[rows * heads * width];
        double[] weights = new double[rows];
        for (int head = 0; head < heads; head++)
        {
            int key = (heads + (head / (heads / kvHeads))) * width, value = key + (kvHeads * width);
            for (int row = 0; row < rows; row++)
            {
                double total = 0;
                for (int j = 0; j <= row; j++)
                {
                    double score = 0;
                    for (int i = 0; i < width; i++)
                        score += qkv[(row * step) + (head * width) + i] * qkv[(j * step) + key + i];
                    total += weights[j] = Math.Exp(score / Math.Sqrt(width));
                }
                for (int j = 0; j <= row; j++)
                {
                    for (int i = 0; i < width; i++)
                        mixed[(row * heads * width) + (head * width) + i] += weights[j] / total * qkv[(j * step) + value + i];
                }
            }
        }
        return mixed;
    }

    /// <summary>Minus the logarithm of the label's probability.</summary>
    public static double CrossEntropy(ReadOnlySpan<double> logits, int label)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double logit in logits)
            max = Math.Max(max, logit);
        foreach (double logit in logits)
            sum += Math.Exp(logit - max);
        return Math.Log(sum) + max - logits[label];
    }

    /// <summary>Minus the logarithm of the probability of all but the label.</summary>
    public static double Unlikelihood(ReadOnlySpan<double> logits, int label)
    {
        double max = double.NegativeInfinity, sum = 0, others = 0;
        foreach (double logit in logits)
            max = Math.Max(max, logit);
        for (int i = 0; i < logits.Length; i++)
        {
            double weight = Math.Exp(logits[i] - max);
            sum += weight;
            others += i == label ? 0 : weight;
        }
        return Math.Log(sum) - Math.Log(others);
    }
}
