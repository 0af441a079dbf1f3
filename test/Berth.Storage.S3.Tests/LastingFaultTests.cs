namespace Berth.Storage.S3.Tests;

/// <summary>The store gives up in the end, if it has to.</summary>
public sealed class LastingFaultTests(BucketFixture bucket) : FaultTests(bucket, maxRetries: 0)
{
    [Theory]
    [MemberData(nameof(CallsAndFaults))]
    public Task A_request_that_fails_for_a_while_loses_nothing(string call, string fault) =>
        PushAndPullAsync(call, fault, times: 50, mustSucceed: false);
}
