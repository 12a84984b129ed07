using Harness.Kernels.Sampling;
using Harness.Registry;
using Harness.Tasks;

namespace Harness.Tests.Tasks.Generated;

/// <summary>
/// The entropies of solutions against all that a generator may do, written out once more in plain code: every choice with its chance, and
/// the texts that come of it.
/// </summary>
[TestFixture]
sealed class SolutionEntropyTests
{
    static ISolvedProblems Of(string task) => Registered.All.Tasks.First(known => known.Name == task).Solved!;

    [TestCase("sum 17 - 36 + 20 =", "think"), TestCase("sum 5 + 5 + 5 =", "think"), TestCase("sum 7 - 7 + 39 - 1 =", "think")]
    [TestCase("sum 22 - 22 + 35 + 22 =", "think"), TestCase("sum 39 + 39 + 21 - 2 - 2 =", "think")]
    [TestCase("sum 7 + 8 =", "think"), TestCase("sum 7 - 3 =", "think")]
    [TestCase("countdown 20 20 2 13 -> 66", "think"), TestCase("countdown 20 20 2 13 -> 66", "direct")]
    [TestCase("countdown 1 1 1 -> 3", "think"), TestCase("countdown 1 1 1 -> 3", "direct")]
    [TestCase("countdown 6 3 2 -> 4", "think"), TestCase("countdown 6 3 2 -> 4", "direct")]
    [TestCase("countdown 4 2 2 4 -> 16", "think"), TestCase("countdown 4 2 2 4 -> 16", "direct")]
    public void It_is_that_of_all_texts(string question, string style)
    {
        Dictionary<string, double> texts = TextsOf(question, style);
        Assert.That(texts.Values.Sum(), Is.EqualTo(1).Within(1e-12));
        Assert.That(Of(question.Split(' ')[0]).Entropy(question, style),
            Is.EqualTo(-texts.Values.Sum(chance => chance * Math.Log(chance))).Within(1e-12));
    }

    [Test]
    public void A_sum_that_is_given_directly_leaves_nothing_to_chance() =>
        Assert.That((Of("sum").Entropy("sum 17 - 36 + 20 =", "direct"), Of("sum").MeanEntropy(7, "direct")), Is.EqualTo((0.0, 0.0)));

    [Test]
    public void Too_many_solutions_are_not_followed() => Assert.That(
        (Of("countdown").Entropy("countdown 1 2 3 4 5 6 -> 21", "think"), Of("countdown").Entropy("countdown 1 2 3 4 5 -> 15", "direct")),
        Is.EqualTo((double.NaN, double.NaN)));

    /// <summary>The generator writes what the entropy is said to be of: the surprise of its texts is the entropy on average.</summary>
    [TestCase("sum", 3, "think"), TestCase("sum", 5, "think")]
    [TestCase("countdown", 3, "think"), TestCase("countdown", 4, "think"), TestCase("countdown", 3, "direct")]
    public void It_is_the_mean_surprise_of_what_is_drawn(string task, int difficulty, string style)
    {
        double[] differences =
        [
            .. Enumerable.Range(0, 400).AsParallel().AsOrdered().Select(number =>
            {
                SolvedProblem drawn = Of(task).Draw(
                    new ProblemRandom(5, number, difficulty, RandomPurpose.EntropyProblem), difficulty, ProblemSplit.All, style);
                return -Math.Log(TextsOf(drawn.Question, style)[drawn.Solution]) - Of(task).Entropy(drawn.Question, style);
            }),
        ];
        double mean = differences.Average(), error = Math.Sqrt(differences.Sum(each => (each - mean) * (each - mean))) / differences.Length;
        Assert.That(Math.Abs(mean), Is.LessThan(4 * error));
    }

    /// <summary>All 149,000 sums of three terms, against the mean over those that are drawn.</summary>
    [TestCase(2), TestCase(3)]
    public void The_mean_over_all_sums_is_that_of_drawn_ones(int difficulty)
    {
        ISolvedProblems sums = Of("sum");
        double[] entropies = [.. Enumerable.Range(0, 4000)
            .Select(number => new ProblemRandom(9, number, difficulty, RandomPurpose.EntropyProblem))
            .Select(stream => sums.Entropy(sums.Draw(stream, difficulty, ProblemSplit.All, "think").Question, "think"))];
        double mean = entropies.Average(), error = Math.Sqrt(entropies.Sum(each => (each - mean) * (each - mean))) / entropies.Length;
        Assert.That(sums.MeanEntropy(difficulty, "think"), Is.EqualTo(mean).Within(4 * error));
        Assert.That(sums.MeanEntropy(4, "think") ?? Of("countdown").MeanEntropy(3, "think"), Is.Null);
    }

    /// <summary>Of a question every solution that may be written, with its chance.</summary>
    static Dictionary<string, double> TextsOf(string question, string style)
    {
        string[] words = question.Split(' ');
        Dictionary<string, double> texts = [];
        if (words[0] == "sum")
        {
            int[] terms = [.. Enumerable.Range(0, (words.Length - 1) / 2).Select(place =>
                int.Parse(words[2 * place + 1]) * (words[2 * place] == "-" ? -1 : 1))];
            Sum(terms, "", 1, texts);
            return texts;
        }
        int arrow = Array.IndexOf(words, "->");
        Countdown([.. words[1..arrow].Select(word => (int.Parse(word), word))], int.Parse(words[arrow + 1]), style, "", 1, texts);
        double reached = texts.Values.Sum();
        return texts.ToDictionary(text => text.Key, text => text.Value / reached);
    }

    static void Sum(int[] live, string written, double chance, Dictionary<string, double> texts)
    {
        if (live.Length == 1)
        {
            string text = $"{written}# {live[0]}";
            texts[text] = texts.GetValueOrDefault(text) + chance;
            return;
        }
        (int First, int Second)[] pairs =
        [
            .. from first in Enumerable.Range(0, live.Length)
               from second in Enumerable.Range(0, live.Length)
               where first != second && live[first] >= 0 && live[first] + live[second] >= 0 && live[first] + live[second] <= 99
               select (first, second),
        ];
        foreach ((int first, int second) in pairs)
        {
            (int a, int b) = (live[first], live[second]);
            int[] next = [.. live.Where((_, place) => place != first && place != second), a + b];
            Sum(next, $"{written}{a} {(b < 0 ? "-" : "+")} {Math.Abs(b)} = {a + b} ; ", chance / pairs.Length, texts);
        }
    }

    static void Countdown(
        (int Value, string Expression)[] live, int target, string style, string written, double chance, Dictionary<string, double> texts)
    {
        if (live.Length == 1)
        {
            string text = style == "direct" ? $"# {live[0].Expression}" : written.TrimEnd();
            if (live[0].Value == target)
                texts[text] = texts.GetValueOrDefault(text) + chance;
            return;
        }
        for (int first = 0; first < live.Length; first++)
        {
            for (int second = 0; second < live.Length; second++)
            {
                if (first == second)
                    continue;
                ((int Value, string Expression) l, (int Value, string Expression) s) =
                    live[first].Value >= live[second].Value ? (live[first], live[second]) : (live[second], live[first]);
                List<(string Operator, int Value)> legal = [("+", l.Value + s.Value), ("-", l.Value - s.Value)];
                if (l.Value >= 2 && s.Value >= 2)
                    legal.Add(("*", l.Value * s.Value));
                if (s.Value >= 2 && l.Value % s.Value == 0)
                    legal.Add(("/", l.Value / s.Value));
                legal.RemoveAll(step => step.Value is < 1 or > 99);
                foreach ((string op, int value) in legal)
                {
                    Countdown(
                        [.. live.Where((_, place) => place != first && place != second), (value, $"{l.Expression} {s.Expression} {op}")],
                        target, style, $"{written}{l.Value} {op} {s.Value} = {value} ; ",
                        chance / (live.Length * (live.Length - 1)) / legal.Count, texts);
                }
            }
        }
    }
}
