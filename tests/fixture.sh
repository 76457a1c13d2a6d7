# fixture.sh - small synthetic data for the tests that need images.
#
# make_images PATIENTS: makes ./images (two classes, one to three images of 64
# pixels a patient) and ./manifest.tsv with train, val and test.
make_images() {
	mc-phantom --task chest --patients "$1" --size 64 -o images &&
	mc-index --group 'patient[0-9]+' images |
	    mc-split --ratio train=60,val=20,test=20 -o manifest.tsv
}
