using Harness.Kernels.Decoding;
using Harness.Pools;

namespace Harness.Tests.Pools;

[TestFixture]
sealed class GenerationLogTests
{
    static readonly string Key = new('a', 64), OtherKey = new('b', 64);
    static readonly LoggedGeneration[] Samples =
    [
        new(new Generation(0, 0, [3, 1, 4], [-0.5f, float.NegativeInfinity, -1e-30f], FinishReason.Stop), "pi"),
        new(new Generation(7, 2, [], [], FinishReason.Length), ""),
        new(new Generation(1, 5, [int.MaxValue], [-2], FinishReason.StopString), "grüße \n\0"),
    ];

    string path = null!;

    [SetUp]
    public void Create() => path = Path.Combine(Directory.CreateTempSubdirectory("log-").FullName, "p.generations");

    [TearDown]
    public void Remove() => Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

    [Test]
    public void What_is_appended_is_recovered()
    {
        Write(Samples);
        AssertSame(Recover(), Samples);
    }

    [Test]
    public void Cut_at_any_byte_it_keeps_the_whole_records_and_grows_to_the_same_bytes()
    {
        int[] ends = [.. Enumerable.Range(0, Samples.Length + 1).Select(count =>
        {
            File.Delete(path);
            Write(Samples[..count]);
            return (int)new FileInfo(path).Length;
        })];
        byte[] whole = File.ReadAllBytes(path);
        for (int cut = 0; cut <= whole.Length; cut++)
        {
            File.WriteAllBytes(path, whole[..cut]);
            int kept = Math.Max(0, ends.Count(end => end <= cut) - 1);
            using (GenerationLog log = GenerationLog.Open(path, Key))
            {
                AssertSame(log.Recovered, Samples[..kept]);
                foreach (LoggedGeneration sample in Samples[kept..])
                    log.Append(sample);
            }
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(whole), $"cut at {cut}");
        }
    }

    [Test]
    public void A_changed_byte_drops_its_record_and_all_after_it()
    {
        Write(Samples);
        byte[] whole = File.ReadAllBytes(path);
        for (int position = 72; position < whole.Length; position++)
        {
            byte[] damaged = [.. whole];
            damaged[position] ^= 0x10;
            File.WriteAllBytes(path, damaged);
            Assert.That(Recover(), Has.Count.LessThan(Samples.Length), $"byte {position}");
        }
    }

    [Test]
    public void A_log_of_another_key_is_started_anew()
    {
        Write(Samples);
        using (GenerationLog log = GenerationLog.Open(path, OtherKey))
            Assert.That(log.Recovered, Is.Empty);
        Assert.That(Recover(), Is.Empty);
    }

    [Test]
    public void It_can_be_read_beside_its_writer()
    {
        using GenerationLog log = GenerationLog.Open(path, Key);
        log.Append(Samples[0]);
        AssertSame(GenerationLog.Read(path), Samples[..1]);
    }

    void Write(IEnumerable<LoggedGeneration> samples)
    {
        using GenerationLog log = GenerationLog.Open(path, Key);
        foreach (LoggedGeneration sample in samples)
            log.Append(sample);
    }

    IReadOnlyList<LoggedGeneration> Recover()
    {
        using GenerationLog log = GenerationLog.Open(path, Key);
        return log.Recovered;
    }

    static void AssertSame(IReadOnlyList<LoggedGeneration> actual, LoggedGeneration[] expected)
    {
        Assert.That(actual.Select(Describe), Is.EqualTo(expected.Select(Describe)));

        static string Describe(LoggedGeneration sample) =>
            $"{sample.Generation.Problem} {sample.Generation.Sample} {sample.Generation.Finish} "
            + $"[{string.Join(' ', sample.Generation.Tokens)}] [{string.Join(' ', sample.Generation.LogProbabilities)}] {sample.Text}";
    }
}
