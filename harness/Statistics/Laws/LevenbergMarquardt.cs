namespace Harness.Statistics.Laws;

/// <summary>
/// Fits parameters to residuals by least squares (Levenberg 1944, Marquardt 1963) or, with a threshold, by Huber's loss (1964) as
/// iteratively reweighted least squares. No library function is called but the square root, so the same input gives the same bits on every
/// machine.
/// </summary>
/// <param name="residuals">
/// For given parameters fills in the residuals [points] and their derivatives [points, parameters]. Returns false where they are undefined.
/// </param>
/// <param name="huber">Above this size a residual counts linearly; infinite for plain least squares.</param>
sealed class LevenbergMarquardt(int points, int parameters, ResidualFunction residuals, double huber = double.PositiveInfinity)
{
    /// <summary>A step that lowers the loss by a smaller share is the last one.</summary>
    const double LeastGain = 1e-12;
    const int Tries = 24;

    /// <summary>
    /// What a residual that counts linearly adds to the curvature, as a share of what reweighting gives it: less makes longer steps. Its
    /// true curvature is 0. With a tenth the starts of <see cref="ChinchillaLaw"/> need three fifths of the evaluations that they need with
    /// all.
    /// </summary>
    const double LinearCurvature = 0.1;

    readonly double[] matrix = new double[parameters * parameters], factor = new double[parameters * parameters];
    readonly double[] slope = new double[parameters], step = new double[parameters];
    double[] values = new double[points], derivatives = new double[points * parameters];
    double[] triedValues = new double[points], triedDerivatives = new double[points * parameters];

    /// <returns>
    /// The parameters where the search ends, and their loss: half the sum of squares, or Huber's. NaN where the start is undefined.
    /// </returns>
    public (double[] Parameters, double Loss) Minimise(ReadOnlySpan<double> start, int iterations = 500)
    {
        double[] best = start.ToArray(), tried = new double[parameters];
        if (!residuals(best, values, derivatives))
            return (best, double.NaN);
        double loss = Loss(values), damping = 1e-3;
        for (int iteration = 0; iteration < iterations && loss > 0; iteration++)
        {
            Accumulate();
            double lower = loss;
            for (int attempt = 0; attempt < Tries && lower >= loss; attempt++)
            {
                if (Solve(damping))
                {
                    for (int p = 0; p < parameters; p++)
                        tried[p] = best[p] - step[p];
                    lower = residuals(tried, triedValues, triedDerivatives) ? Loss(triedValues) : double.NaN;
                }
                if (!(lower < loss))
                    (lower, damping) = (loss, damping * 4);
            }
            if (lower >= loss)
                break;
            bool isLast = loss - lower < LeastGain * loss;
            (best, tried) = (tried, best);
            (values, triedValues, derivatives, triedDerivatives) = (triedValues, values, triedDerivatives, derivatives);
            (loss, damping) = (lower, Math.Max(damping / 5, 1e-14));
            if (isLast)
                break;
        }
        return (best, loss);
    }

    double Loss(double[] residual)
    {
        double sum = 0;
        foreach (double value in residual)
        {
            double size = Math.Abs(value);
            sum += size <= huber ? 0.5 * value * value : huber * (size - 0.5 * huber);
        }
        return sum;
    }

    /// <summary>The weighted normal equations: J'WJ in the lower triangle, and J'Wr.</summary>
    void Accumulate()
    {
        Array.Clear(matrix);
        Array.Clear(slope);
        for (int point = 0; point < points; point++)
        {
            double size = Math.Abs(values[point]), weight = size <= huber ? 1 : huber / size;
            double curvature = size <= huber ? 1 : LinearCurvature * weight;
            ReadOnlySpan<double> row = derivatives.AsSpan(point * parameters, parameters);
            for (int p = 0; p < parameters; p++)
            {
                slope[p] += weight * row[p] * values[point];
                double weighted = curvature * row[p];
                for (int q = 0; q <= p; q++)
                    matrix[p * parameters + q] += weighted * row[q];
            }
        }
    }

    /// <summary>Solves (A + damping diag A) step = slope by Cholesky's factors; false where A is not positive definite.</summary>
    bool Solve(double damping)
    {
        for (int p = 0; p < parameters; p++)
        {
            for (int q = 0; q <= p; q++)
            {
                double sum = matrix[p * parameters + q];
                if (p == q)
                    sum += damping * (sum + 1e-12);
                for (int r = 0; r < q; r++)
                    sum -= factor[p * parameters + r] * factor[q * parameters + r];
                if (p != q)
                    factor[p * parameters + q] = sum / factor[q * parameters + q];
                else if (sum > 0)
                    factor[p * parameters + p] = Math.Sqrt(sum);
                else
                    return false;
            }
        }
        for (int p = 0; p < parameters; p++)
        {
            double sum = slope[p];
            for (int r = 0; r < p; r++)
                sum -= factor[p * parameters + r] * step[r];
            step[p] = sum / factor[p * parameters + p];
        }
        for (int p = parameters - 1; p >= 0; p--)
        {
            double sum = step[p];
            for (int r = p + 1; r < parameters; r++)
                sum -= factor[r * parameters + p] * step[r];
            step[p] = sum / factor[p * parameters + p];
        }
        return true;
    }
}

/// <param name="parameters">Where to evaluate.</param>
/// <param name="residuals">To fill in: predicted - observed, [points].</param>
/// <param name="derivatives">To fill in: of each residual by each parameter, [points, parameters].</param>
delegate bool ResidualFunction(ReadOnlySpan<double> parameters, Span<double> residuals, Span<double> derivatives);
