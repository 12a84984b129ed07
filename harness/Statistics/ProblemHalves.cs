namespace Harness.Statistics;

/// <summary>Two halves of the problems: one chooses, the other judges what was chosen.</summary>
public static class ProblemHalves
{
    /// <summary>Which problems are odd ones, counted within a difficulty, so that both halves have all difficulties.</summary>
    public static bool[] OddOnes(IReadOnlyList<int> difficulties)
    {
        Dictionary<int, int> before = [];
        bool[] isOdd = new bool[difficulties.Count];
        for (int problem = 0; problem < isOdd.Length; problem++)
        {
            int place = before.GetValueOrDefault(difficulties[problem]);
            isOdd[problem] = place % 2 == 1;
            before[difficulties[problem]] = place + 1;
        }
        return isOdd;
    }
}
