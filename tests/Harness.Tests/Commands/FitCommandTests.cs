using System.Text.Json;
using Harness.Tests.Tasks;
using static Harness.Tests.Commands.CommandLine;

namespace Harness.Tests.Commands;

[NonParallelizable]
public sealed class FitCommandTests
{
    ScratchFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new ScratchFolder();

    [TearDown]
    public void DeleteFolder() => folder.Dispose();

    [Test]
    public void A_law_is_shown_with_its_parameters_intervals_and_held_out_error()
    {
        (int status, string output, _) = Invoke("fit", Doublings("k,coverage"), "--law", "coverage", "--resamples", "50");
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.StartWith("coverage: -ln c = a k^b (Brown et al. 2024, arXiv 2407.21787)"));
        Assert.That(output, Does.Contain("12 points; half the sum of squares of ln(-ln c)"));
        Assert.That(output, Does.Match(@"a +3\.2975 +3\.2975 to 3\.2975"));
        Assert.That(output, Does.Match(@"b +-0\.3321 +-0\.3321 to -0\.3321"));
        Assert.That(output, Does.Contain("Fitted to the 9 points of the smaller budgets it is off by"));
    }

    [Test]
    public void Json_has_the_same_and_says_which_of_several_is_chosen()
    {
        (int status, string output, _) = Invoke("fit", Doublings("flops,acc"), "--law", "power", "log-linear", "--column", "compute=flops",
            "y=acc", "--resamples", "0", "--json");
        Assert.That(status, Is.Zero);
        JsonElement[] laws = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.That(laws.Select(law => law.GetProperty("law").GetString()), Is.EqualTo(new[] { "power", "log-linear" }));
        Assert.That(laws.Count(law => law.GetProperty("is_chosen").GetBoolean()), Is.EqualTo(1));
        Assert.That(laws[0].GetProperty("parameters")[2].GetProperty("name").GetString(), Is.EqualTo("alpha"));
    }

    [Test]
    public void Tokens_are_computed_where_the_file_has_operations()
    {
        string file = folder.Write("losses.csv", "parameters,flops,loss\n" + string.Concat(
            from n in new[] { 1e8, 3e8, 1e9, 3e9 }
            from d in new[] { 2e9, 6e9, 2e10, 6e10 }
            select FormattableString.Invariant($"{n},{6 * n * d},{1.69 + 406.4 * Math.Pow(n, -0.34) + 410.7 * Math.Pow(d, -0.28)}\n")));
        (int status, string output, _) = Invoke("fit", file, "--law", "chinchilla-projection", "--resamples", "0", "--lowest", "15");
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Contain("tokens = flops / (6 parameters)"));
        Assert.That(output, Does.Contain("15 points, 1 left out"));
        Assert.That(output, Does.Match(@"alpha +0\.34\b"));
    }

    [Test]
    public void Problems_of_one_budget_have_no_held_out_error()
    {
        string file = folder.Write("counts.csv", "samples,correct\n"
            + string.Concat(Enumerable.Range(0, 30).Select(i => $"16,{i * 7 % 17}\n")));
        (int status, string output, _) = Invoke("fit", file, "--law", "beta-binomial", "--resamples", "0");
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Match(@"alpha +[0-9.]+\s").And.Not.Contain("it is off by").And.Not.Contain("NaN"));
    }

    [Test]
    public void Coverage_against_compute_has_the_parameters_of_each_k()
    {
        string file = folder.Write("models.csv", "k,flops,coverage\n" + string.Concat(
            from k in new[] { 1, 16 }
            from compute in Enumerable.Range(0, 8).Select(i => 1e18 * Math.Pow(3, i))
            select FormattableString.Invariant($"{k},{compute},{Math.Exp(-0.5 / k - 4e3 / k * Math.Pow(compute, -0.18))}\n")));
        (int status, string output, _) = Invoke(
            "fit", file, "--law", "coverage-compute", "--column", "compute=flops", "--resamples", "20", "--json");
        Assert.That(status, Is.Zero);
        JsonElement law = JsonDocument.Parse(output).RootElement[0];
        JsonElement[] parameters = [.. law.GetProperty("parameters").EnumerateArray()];
        Assert.That(parameters.Select(one => one.GetProperty("name").GetString()),
            Is.EqualTo(new[] { "E@1", "C@1", "a@1", "E@16", "C@16", "a@16" }));
        Assert.That(parameters[5].GetProperty("value").GetDouble(), Is.EqualTo(0.18).Within(1e-6));
        Assert.That(law.GetProperty("residuals").GetArrayLength(), Is.EqualTo(16));
    }

    [Test]
    public void A_budget_is_split_over_parameters_tokens_and_samples()
    {
        string file = folder.Write("joint.csv", "parameters,flops,k,coverage\n" + string.Concat(
            from n in new[] { 1e7, 3e7, 1e8, 3e8 }
            from d in new[] { 2e8, 1e9, 5e9, 2e10 }
            from k in new[] { 1, 8, 64 }
            let minusLog = 0.05 + 300 * Math.Pow(n, -0.33) + 900 * Math.Pow(d, -0.31) + 1.2 * Math.Pow(k, -0.45)
            select FormattableString.Invariant($"{n},{6 * n * d},{k},{Math.Exp(-minusLog)}\n")));
        string[] fit = ["fit", file, "--law", "train-to-test", "--resamples", "0"];
        (int status, string output, _) = Invoke([.. fit, "--budget", "1e21", "--queries", "1e6", "--answer-tokens", "200"]);
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Match(@"gamma +0\.45\b"));
        Assert.That(output, Does.Match(
            @"1E\+21 operations for training and for 1E\+06 queries of 200 tokens a sample go farthest with [0-9.E+]+ parameters, "));
        Assert.That(output, Does.Match("Outside the fitted points: .*tokens"));
        Assert.That(Invoke([.. fit, "--budget", "1e21"]).Error, Does.Contain("go together"));
        Assert.That(Invoke([.. fit, "--budget", "1e8", "--queries", "1e6", "--answer-tokens", "200"]).Error,
            Does.Contain("one sample of each query takes 4E+08 operations a parameter"));
        Assert.That(Invoke("fit", Doublings("k,coverage"), "--law", "coverage", "--budget", "1e21").Error, Does.Contain("train-to-test"));
    }

    [TestCase("coverag", "no law is called 'coverag'; did you mean 'coverage'?")]
    public void A_misspelt_law_has_the_nearest_name(string law, string message)
    {
        (int status, _, string error) = Invoke("fit", Doublings("k,coverage"), "--law", law);
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.Contain(message));
    }

    [Test]
    public void A_wrong_file_is_one_line_with_its_place()
    {
        string text = folder.Write("text.csv", "k,coverage\n1,0.5\n2,half\n"), ragged = folder.Write("ragged.csv", "k,coverage\n1,0.5,7\n");
        Assert.That(Invoke("fit", text, "--law", "coverage").Error, Does.Contain("text.csv(3,1): error HRN0302: coverage is 'half'"));
        Assert.That(Invoke("fit", ragged, "--law", "coverage").Error, Does.Contain("ragged.csv(2,1): error HRN0302"));
        Assert.That(Invoke("fit", Doublings("n,coverage"), "--law", "coverage").Error,
            Does.Contain("has no column 'k'; it has n, coverage"));
        Assert.That(Invoke("fit", "absent.csv", "--law", "coverage").Error, Does.Contain("HRN0301"));
        Assert.That(Invoke("fit", text, "--law", "coverage", "--column", "z=k").Error, Does.Contain("expected NAME=COLUMN"));
        Assert.That(Invoke("fit", text, "--law", "coverage", "--held-out", "1").Error, Does.Contain("HRN0405"));
        Assert.That(Invoke("fit", Doublings("k,coverage"), "--law", "coverage", "power", "--column", "compute=k").Error,
            Does.Contain("the laws predict different columns, coverage and y").And.Contain("--column y=coverage"));
    }

    /// <summary>Twelve points of a coverage law without noise.</summary>
    string Doublings(string header) => folder.Write("points.csv", header + "\n" + string.Concat(Enumerable.Range(0, 12)
        .Select(i => FormattableString.Invariant($"{1 << i},{Math.Exp(-3.2975 * Math.Pow(1 << i, -0.3321))}\n"))));
}
