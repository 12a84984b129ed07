namespace Harness.Statistics.Laws;

/// <summary>
/// Least squares with coefficients that are not negative, for a few columns: every subset of columns is solved without that condition, and
/// the best whose coefficients all are positive is the solution.
/// </summary>
static class NonNegativeLeastSquares
{
    /// <param name="columns">[coefficients][points].</param>
    /// <returns>The coefficients, and half the sum of squares that they leave.</returns>
    public static (double[] Coefficients, double Loss) Solve(double[][] columns, double[] observed)
    {
        double[] best = new double[columns.Length];
        double least = Loss(columns, best, observed);
        for (int subset = 1; subset < 1 << columns.Length; subset++)
        {
            int[] chosen = [.. Enumerable.Range(0, columns.Length).Where(column => (subset >> column & 1) == 1)];
            if (Unconstrained([.. chosen.Select(column => columns[column])], observed) is not { } solution
                || solution.Any(coefficient => coefficient <= 0))
                continue;
            double[] coefficients = new double[columns.Length];
            for (int i = 0; i < chosen.Length; i++)
                coefficients[chosen[i]] = solution[i];
            double loss = Loss(columns, coefficients, observed);
            if (loss < least)
                (best, least) = (coefficients, loss);
        }
        return (best, least);
    }

    /// <summary>By the modified Gram-Schmidt process; null where columns depend on each other.</summary>
    static double[]? Unconstrained(double[][] columns, double[] observed)
    {
        int count = columns.Length;
        double[][] orthogonal = [.. columns.Select(column => column.ToArray())];
        double[] left = [.. observed], projected = new double[count];
        double[,] triangle = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            double size = Product(columns[i], columns[i]), norm = Product(orthogonal[i], orthogonal[i]);
            if (!(norm > 1e-20 * size))
                return null;
            for (int j = i + 1; j < count; j++)
                triangle[i, j] = Remove(orthogonal[i], norm, orthogonal[j]);
            projected[i] = Remove(orthogonal[i], norm, left);
        }
        for (int i = count - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < count; j++)
                projected[i] -= triangle[i, j] * projected[j];
        }
        return projected;
    }

    /// <summary>Takes the part along a direction out of a vector; returns how much of the direction that was.</summary>
    static double Remove(double[] direction, double norm, double[] vector)
    {
        double share = Product(direction, vector) / norm;
        for (int i = 0; i < vector.Length; i++)
            vector[i] -= share * direction[i];
        return share;
    }

    static double Product(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    static double Loss(double[][] columns, double[] coefficients, double[] observed)
    {
        double loss = 0;
        for (int i = 0; i < observed.Length; i++)
        {
            double residual = -observed[i];
            for (int column = 0; column < columns.Length; column++)
                residual += coefficients[column] * columns[column][i];
            loss += 0.5 * residual * residual;
        }
        return loss;
    }
}
