namespace Berth.Storage.S3.Tests;

/// <summary>The store tries again.</summary>
public sealed class OneFaultTests(BucketFixture bucket) : FaultTests(bucket, maxRetries: 1)
{
    [Theory]
    [MemberData(nameof(CallsAndFaults))]
    public Task A_request_that_fails_once_loses_nothing(string call, string fault) =>
        PushAndPullAsync(call, fault, times: 1, mustSucceed: fault is not "exists");
}
