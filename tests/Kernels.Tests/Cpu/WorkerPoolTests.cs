using Harness.Kernels.Cpu;

namespace Kernels.Tests.Cpu;

public class WorkerPoolTests
{
    const int Phases = 50;

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_failure_in_a_late_phase_is_thrown_and_the_pool_works_on(int failing)
    {
        using var pool = new WorkerPool(3);
        for (int turn = 0; turn < 4; turn++)
        {
            var error = Assert.Throws<InvalidDataException>(() => pool.Run(worker =>
            {
                for (int phase = 0; phase < Phases; phase++)
                {
                    if (phase == Phases - 5 && worker == failing)
                        throw new InvalidDataException("phase 45");
                    pool.Barrier();
                }
            }));
            Assert.That(error!.Message, Is.EqualTo("phase 45"));
            AssertEachPieceIsClaimedOnce(pool);
        }
    }

    [Test]
    public void A_failure_is_seen_by_the_others_while_they_work()
    {
        using var pool = new WorkerPool(3);
        Assert.Throws<InvalidDataException>(() => pool.Run(worker =>
        {
            if (worker == 1)
                throw new InvalidDataException();
            SpinWait.SpinUntil(() => pool.HasFailed);
        }));
        pool.Run(_ => Assert.That(pool.HasFailed, Is.False));
    }

    static void AssertEachPieceIsClaimedOnce(WorkerPool pool)
    {
        const int Pieces = 7;
        var claims = new int[Phases * Pieces];
        pool.Run(_ =>
        {
            for (int phase = 0; phase < Phases; phase++)
            {
                for (int piece = pool.Claim(); piece < Pieces; piece = pool.Claim())
                    Interlocked.Increment(ref claims[(phase * Pieces) + piece]);
                pool.Barrier();
            }
        });
        Assert.That(claims, Is.All.EqualTo(1));
    }
}
