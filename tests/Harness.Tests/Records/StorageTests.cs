using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;
using Harness.Records;

namespace Harness.Tests.Records;

[TestFixture]
sealed class StorageTests
{
    string folder = null!;

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("storage-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(folder, recursive: true);

    [Test]
    public void Files_are_written_whole_and_nothing_else_is_left()
    {
        Storage.WriteAll(folder, [("a", [1]), ("sub/b", [2])]);
        Assert.That(Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(),
            Is.EqualTo(new[] { "a", Path.Combine("sub", "b") }));
    }

    [Test]
    public void A_file_that_holds_the_bytes_already_is_not_touched()
    {
        Storage.WriteAll(folder, [("a", [1])]);
        DateTime old = DateTime.UtcNow.AddDays(-1);
        File.SetLastWriteTimeUtc(Path.Combine(folder, "a"), old);
        Storage.WriteAll(folder, [("a", [1])]);
        Assert.That(File.GetLastWriteTimeUtc(Path.Combine(folder, "a")), Is.EqualTo(old).Within(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void A_file_that_can_not_be_written_leaves_every_old_one_as_it_was()
    {
        Storage.WriteAll(folder, [("a", [1]), ("z", [1])]);
        Directory.CreateDirectory(Path.Combine(folder, $".z.{Environment.ProcessId}.tmp"));
        HarnessException refused = Assert.Throws<HarnessException>(() => Storage.WriteAll(folder, [("a", [2]), ("z", [2])]))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.NotWritable));
        Assert.That(
            (File.ReadAllBytes(Path.Combine(folder, "a")), File.ReadAllBytes(Path.Combine(folder, "z"))),
            Is.EqualTo((new byte[] { 1 }, new byte[] { 1 })));
        Assert.That(Directory.GetFiles(folder), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_full_disk_has_its_code()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("needs /dev/full");
        HarnessException full = Assert.Throws<HarnessException>(() => Storage.Writing("/dev/full", () =>
        {
            using FileStream stream = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write([1]);
        }))!;
        Assert.That(full.Diagnostic, Is.EqualTo(Codes.DiskFull));
    }

    [Test]
    public void A_folder_that_refuses_writing_is_found()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("needs /proc");
        Assert.That(
            Assert.Throws<HarnessException>(() => Storage.RequireWritable("/proc/self/results"))!.Diagnostic,
            Is.EqualTo(Codes.NotWritable));
        Assert.That(() => Storage.RequireWritable("/proc/self/results"), Throws.Exception.With.Message.Not.Contains("probe"));
        Assert.That(() => Storage.RequireWritable(Path.Combine(folder, "new")), Throws.Nothing);
        Assert.That(Directory.GetFileSystemEntries(Path.Combine(folder, "new")), Is.Empty);
    }
}
